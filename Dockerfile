# The web UI, then a static binary with it, then nothing but that binary.
# docker run -p 1025:1025 -p 8025:8025 restante

FROM node:22-slim AS ui
WORKDIR /ui
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY ui .
RUN npm run build

FROM rust:1-slim AS program
WORKDIR /restante
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY tests tests
COPY benches benches
COPY --from=ui /ui/dist ui/dist
# Naming the target keeps the flags from build scripts and macros, which cannot be static.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --locked --target "$target" \
 && mv "target/$target/release/restante" /restante/restante

FROM scratch
COPY --from=program /restante/restante /restante
USER 65532:65532
ENV RESTANTE_SMTP=0.0.0.0:1025 RESTANTE_HTTP=0.0.0.0:8025
EXPOSE 1025 8025
HEALTHCHECK --interval=5s --timeout=6s --start-period=5s --retries=3 CMD ["/restante", "ready"]
ENTRYPOINT ["/restante"]
