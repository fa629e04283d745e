#!/usr/bin/env bash
# Puts GraphiQL's own files, as its makers publish them on npm, into a folder for the hub to serve.
# Only unpacks: no install scripts run, no node_modules. Exit status 69 when npm cannot deliver.
set -euo pipefail

packages=(graphiql@3.8.3 react@18.3.1 react-dom@18.3.1)
members=(graphiql.min.js graphiql.min.css umd/react.production.min.js umd/react-dom.production.min.js)
checksums='22faab94067b695e5f7959619fbe686ebcc8955002a0c97d986bcbba4ad4bc2c  graphiql.min.js
b1868247f8e0502cd869e581f5f3cb55b334862e7f51b1d6cbace11059b9adc2  graphiql.min.css
d949f1c3687aedadcedac85261865f29b17cd273997e7f6b2bfc53b2f9d4c4dd  react.production.min.js
35f4f974f4b2bcd44da73963347f8952e341f83909e4498227d4e26b98f66f0d  react-dom.production.min.js'

say() { printf '%s\n' "$*"; }

# In the current folder: are the files there, byte for byte those that were reviewed?
complete() {
  local tool=(sha256sum)
  command -v sha256sum >/dev/null || tool=(shasum -a 256)
  "${tool[@]}" --check --status <<<"$checksums" 2>/dev/null
}

[[ $# -eq 1 ]] || { say "用法 usage: $0 目标文件夹 TARGET_FOLDER" >&2; exit 2; }
mkdir -p "$1"
target=$(cd "$1" && pwd)

if (cd "$target" && complete); then
  say "GraphiQL 已在 $target，无需再取。 GraphiQL is already there."
  exit 0
fi
if ! command -v npm >/dev/null; then
  say "未找到 npm：查询页将使用简易表单；装好 node/npm 后再运行即可。 npm is missing: the query page will use its plain form."
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! npm pack --silent --ignore-scripts --prefer-offline "${packages[@]}" >/dev/null; then
  say "npm 取不到 ${packages[*]}，请检查网络。 npm could not fetch them; check the network." >&2
  exit 69
fi
mkdir unpacked chosen
for archive in *.tgz; do tar -xzf "$archive" -C unpacked --strip-components=1; done
for member in "${members[@]}"; do cp "unpacked/$member" chosen/; done
if ! (cd chosen && complete); then
  say "文件校验和不符，未安装。 The files' checksums are wrong; nothing was put in place." >&2
  exit 1
fi
mv -f chosen/* "$target/"
say "已将 ${packages[*]} 放入 $target。 GraphiQL is in place."
