#!/usr/bin/env bash
# The key of what is cached: the version of Node, and everything that is built from.
set -euo pipefail
cd "$WEIR_ACTION"
sources=$(find package-lock.json package.json tsconfig*.json brokers protocols reference-client reference-server reporters runner site suites viewer -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32)
echo "key=weir-$(node --version)-$sources" >>"$GITHUB_OUTPUT"
