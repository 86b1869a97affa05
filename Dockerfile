# One container: `docker build -t ws-echo .` and `docker run --rm -p 8080:8080 ws-echo`.
#
# The stage `build` puts the program, with the page in it, into the folder /out; the stage `final` is only this folder. Thus `final`
# can also be built from a program made elsewhere: `scripts/image --prebuilt`.

# Runs on the build machine's architecture, for any target: a cross compiler is faster than an emulator.
FROM --platform=$BUILDPLATFORM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The tools first, because they change less often than the sources. Cargo.lock contains the version of wasm-bindgen.
COPY Cargo.lock ./
COPY scripts/lib.sh scripts/releases scripts/setup-cargo-tool scripts/setup-wasm-opt scripts/setup-wasm-target scripts/
SHELL ["/bin/bash", "-c"]
RUN source scripts/lib.sh && scripts/setup-cargo-tool trunk "$trunk_version" && scripts/setup-wasm-opt && scripts/setup-wasm-target
COPY . .
# Set to amd64 or arm64 by `docker build --platform linux/arm64`.
ARG TARGETARCH
RUN scripts/build ${TARGETARCH} && mkdir /out && cp -L "target/ws-echo${TARGETARCH:+-$TARGETARCH}" /out/ws-echo

FROM scratch AS final
LABEL org.opencontainers.image.title="ws-echo" \
    org.opencontainers.image.description="A WebSocket echo server to test clients, proxies and load balancers against, with its browser client"
COPY --from=build /out /
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s CMD ["/ws-echo", "health"]
ENTRYPOINT ["/ws-echo"]
