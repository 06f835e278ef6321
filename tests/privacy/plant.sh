#!/bin/sh
# Writes tests/data/node20-secrets.heapsnapshot.gz: needs Node 20. Nothing of the machine gets in but what is planted.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
mkdir -p "$folder/home/plantedhome/shop"
cp "$here/planted.cjs" "$folder/home/plantedhome/shop/server.cjs"
cd "$folder/home/plantedhome/shop"
env -i PATH="$PATH" PLANTED_ENV=env-value-planted PLANTED_OUT="$folder/out.heapsnapshot" \
    node server.cjs --password=argv-planted
gzip -9n < "$folder/out.heapsnapshot" > "$here/../data/node20-secrets.heapsnapshot.gz"
rm -rf "$folder"
