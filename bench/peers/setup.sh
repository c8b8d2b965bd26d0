#!/usr/bin/env bash
# Installs what Millrace is measured beside: Feast into .venv-peers (pinned in requirements.txt), Apache Flink by Maven.
# Needs python3 (3.11), java and javac (17), mvn and redis-server. Run: bench/peers/setup.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
for tool in python3 java javac mvn redis-server; do
  command -v "$tool" > /dev/null || { echo "$tool is not there: install it first." >&2; exit 1; }
done
python3 -m venv "$root/.venv-peers"
"$root/.venv-peers/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
mvn -q -B -f "$here/flink/pom.xml" package
echo "Feast is in .venv-peers, Flink in bench/peers/flink/target."
