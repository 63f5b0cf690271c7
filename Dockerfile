# A release pins it by digest: --build-arg NODE_IMAGE=node:24-slim@sha256:… (SECURITY.md, "Supply chain").
ARG NODE_IMAGE=node:24-slim
FROM ${NODE_IMAGE}
WORKDIR /app
ENV NODE_ENV=production PARLEY_DATA=/data
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY adapters adapters
COPY configs configs
COPY src src
RUN mkdir -m 700 /data && chown node:node /data
USER node
VOLUME /data
# The process lives; whether it can take work is /readyz. A chat in a terminal serves no health: run it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
