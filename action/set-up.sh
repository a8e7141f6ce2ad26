#!/usr/bin/env bash
# Installs and builds Weir, unless the cache had it.
set -euo pipefail
cd "$WEIR_ACTION"
[ -f dist/runner/cli/main.js ] && [ -d node_modules ] && exit 0
npm ci --no-fund --no-audit
