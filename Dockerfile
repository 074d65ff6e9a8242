# The portal as an image: the build and the packages that it runs with, no sources and no build tools.
# docs/running.md says how to run it.
FROM node:20-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
# Install scripts are not needed: whatever is native comes ready-made within its package.
RUN npm ci --ignore-scripts
COPY . .
RUN NODE_ENV=production npm run build

FROM base AS packages
RUN npm ci --omit=dev --ignore-scripts

FROM node:20-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json LICENSE ./
COPY bin/start.mjs bin/setup.mjs bin/colloquy.mjs bin/
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/build build
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 3000
# A container with ROLES=mail serves no pages and needs no such check: switch it off there.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/start.mjs"]
