#!/usr/bin/env bash
# Runs the corpus, and tells of it in the forms that GitHub has. Ends with 0 whenever Weir has spoken: the exit code is an output, so
# that the report is uploaded first.
set -uo pipefail
report=weir-report
read -ra cases <<<"$WEIR_CASES"
read -ra arguments <<<"$WEIR_ARGUMENTS"
[ -n "$WEIR_SHARD" ] && arguments+=(--shard "$WEIR_SHARD")

# What implementations print may look like a command; until the token comes none is obeyed.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
node "$WEIR_ACTION/dist/runner/cli/main.js" run "${cases[@]}" --implementation "$WEIR_IMPLEMENTATION" --output "$report" \
  --report html junit ctrf sarif markdown github badge "${arguments[@]}"
code=$?
echo
echo "::$token::"

[ -f "$report/annotations.txt" ] && cat "$report/annotations.txt"
[ -f "$report/summary.md" ] && cat "$report/summary.md" >>"$GITHUB_STEP_SUMMARY"
if [ -d "$report" ]; then
  node "$WEIR_ACTION/action/bound-upload.mjs" "$report" "$WEIR_UPLOAD_MIB"
  echo "report=${PWD}/$report" >>"$GITHUB_OUTPUT"
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
