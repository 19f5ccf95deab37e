FROM python:3.11-slim

# Nobody signs in as this account, and it owns nothing but /data.
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin foyer \
    && install --directory --owner foyer --group foyer /data

WORKDIR /app
COPY requirements.lock ./
COPY config/install.py config/
RUN python config/install.py here

COPY . .
# The build counts as a demo, because it has no secrets to give; nothing of that stays in the image.
RUN python -m compileall -q config shelter intake reporting \
    && DEMO=1 DATA_DIR=/tmp/build python manage.py collectstatic --noinput \
    && rm -rf /tmp/build

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
VOLUME /data
USER 10001:10001
EXPOSE 8000

# The question is asked under the house's own name: Django answers to no other.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import http.client, os; \
house = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
house.request('GET', '/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0].lstrip('.')}); \
raise SystemExit(house.getresponse().status != 200)"]

CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--preload", \
    "--worker-class", "gthread", "--workers", "4", "--threads", "2", "--keep-alive", "0", \
    "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
