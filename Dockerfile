# The product alone: no simulator, no tests, no compiler at run time. Settings: docs/settings.md.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM packages AS build
COPY . .
RUN npx vite build --app

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 OPS_PORT=9100 DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 700 /data
COPY --from=packages /app/node_modules node_modules
# Only needed to build.
RUN rm -rf node_modules/vite node_modules/@vitejs node_modules/rolldown node_modules/@rolldown node_modules/lightningcss* node_modules/typescript
COPY --from=build /app/dist/client dist/client
COPY --from=build /app/dist/server dist/server
COPY package.json LICENSE ./
USER node
# For the embedded database of a small company; with DATABASE_URL nothing is written here.
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# ROLE=web or ROLE=worker makes it one of several. It ends its requests and jobs, then its database, within ten seconds.
STOPSIGNAL SIGTERM
CMD ["node", "dist/server/main.js"]
