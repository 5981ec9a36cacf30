# Assay for production: one image, run as web server, worker, scheduler or for a management command.
# docs/operations.md says which command each needs.
FROM node:22-bookworm-slim AS front-end
WORKDIR /assay
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static ./static
COPY templates ./templates
RUN npm run build

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home assay \
 && install --directory --owner assay --mode 700 /evidence
WORKDIR /assay
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=front-end /assay/static/dist ./static/dist
# Collecting needs settings but no secrets; ASSAY_ENV is given for this one command only.
RUN ASSAY_ENV=production SECRET_KEY=only-to-collect-static-files-0123456789-0123456789-0123456789 \
    DATABASE_URL=postgres://none REDIS_URL=redis://none ALLOWED_HOSTS=none BASE_URL=https://none EMAIL_URL=smtp://none \
    python manage.py collectstatic --noinput
USER assay
ENV PYTHONUNBUFFERED=1 BIND=0.0.0.0:8000 EVIDENCE_ROOT=/evidence
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
