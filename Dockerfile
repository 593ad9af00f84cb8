# Build: the SDK makes the published program; Node is there for the front-end assets where the project has any.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish SkyPortal.Web/SkyPortal.Web.csproj -c Release -o /app --nologo

# Run: librdkafka for the alert streams, curl for the health checks.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends librdkafka1 curl \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data \
    && chown "$APP_UID" /data
WORKDIR /app
COPY --from=build /app .
VOLUME /data
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=6 \
    CMD curl -fsS http://127.0.0.1:8080/health/ready || exit 1
ENTRYPOINT ["dotnet", "SkyPortal.Web.dll"]
CMD ["run", "--urls", "http://0.0.0.0:8080", "--data-dir", "/data", "--no-demo"]
