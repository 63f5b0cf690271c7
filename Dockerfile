FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production PARLEY_DATA=/data
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY adapters adapters
COPY configs configs
COPY src src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
CMD ["node", "src/main.ts"]
