#!/usr/bin/env bash
# Apache Flink on the stream of events.ts, bound to one core. One line of JSON.
# Run: bench/peers/flink.sh <events file> <events> windows|tiles heap|rocksdb
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jar=$here/flink/target
[ -f "$jar/flink-windows-1.jar" ] || { echo "Run bench/peers/setup.sh first." >&2; exit 1; }
pin=""
if command -v taskset > /dev/null; then pin="taskset -c ${CORE:-0}"; fi
exec $pin java "-Xmx${HEAP:-8g}" -XX:+UseSerialGC \
  --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED \
  -cp "$jar/flink-windows-1.jar:$jar/lib/*" bench.WindowJob "$@"
