# Commands for developers. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev test faults conformance bench build page image screenshots fmt clean

# Arguments of the server: make run ARGS='--listen 127.0.0.1:9000'
# Arguments of `make faults`, `make conformance` and `make bench`: make faults ARGS=dark; make conformance ARGS='9.1 12';
# make bench ARGS=--quick
ARGS ?=

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: build ## set up, build, and run on http://127.0.0.1:8080/
	@target/ws-echo $(ARGS)

dev: ## server and page with live reload on http://127.0.0.1:8081/
	@scripts/dev $(ARGS)

test: ## set up, and run every check and test
	@scripts/test

faults: ## set up, and run the slow tests of failing clients and networks
	@scripts/faults $(ARGS)

conformance: ## set up, and compare the server with RFC 6455 and RFC 7692, by Autobahn|Testsuite
	@scripts/conformance $(ARGS)

bench: ## measure ws-echo beside other servers, and write docs/performance.md
	@scripts/bench $(ARGS)

build: ## set up, and build the page and the server
	@scripts/build

page: ## set up, and build the page into dist
	@scripts/build page

image: ## build the container image ws-echo with Docker or buildah
	@scripts/image

screenshots: build ## take the pictures of the page in docs
	@scripts/screenshots

fmt: ## format the sources
	@cargo fmt --all

clean: ## remove what was built; the tools stay
	@rm -rf target dist
