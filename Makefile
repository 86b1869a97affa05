# The commands that people type. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev test build page image screenshots fmt clean

# What ws-echo is told, for `make run` and `make dev`: make run ARGS='--listen 127.0.0.1:9000'
ARGS ?=

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: build ## set up, build, and run on http://127.0.0.1:8080/
	@scripts/run $(ARGS)

dev: ## server and page with live reload on http://127.0.0.1:8081/
	@scripts/dev $(ARGS)

test: ## set up, and run every check and test
	@scripts/test

build: page ## set up, and build the page and the server
	@scripts/build-server

page: ## set up, and build the page into dist
	@scripts/build-page

image: ## build the container image ws-echo with Docker or buildah
	@scripts/image

screenshots: page ## take the pictures of the page in docs
	@scripts/screenshots

fmt: ## format the sources
	@cargo fmt --all

clean: ## remove what was built; the tools stay
	@rm -rf target dist
