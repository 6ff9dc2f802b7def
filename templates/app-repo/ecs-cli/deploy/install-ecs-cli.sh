#!/bin/sh
# Installs ecs-cli into ~/.local/bin, where deploy/ecs-deploy.js finds it. Run again, it does nothing.
set -eu

version=1.21.0
case $(uname -s)-$(uname -m) in
  Linux-x86_64)
    build=linux-amd64
    checksum=b041f0862ad4d84630b4145e82222f378cabed52ad9b2edeeb1c798193a4b98d
    ;;
  Darwin-*)
    build=darwin-amd64
    checksum=d5a6884e06990ed9d75338caa69c2395e6b90a2482cb615f65d7459d88a22aee
    ;;
  *)
    echo "install-ecs-cli.sh: there is no ecs-cli for $(uname -s) on $(uname -m) whose checksum is known." >&2
    exit 1
    ;;
esac
url=https://amazon-ecs-cli.s3.amazonaws.com/ecs-cli-$build-v$version
directory=$HOME/.local/bin
program=$directory/ecs-cli

is_genuine() {
  if command -v sha256sum >/dev/null; then
    echo "$checksum  $1" | sha256sum -c >/dev/null 2>&1
  else
    echo "$checksum  $1" | shasum -a 256 -c >/dev/null 2>&1
  fi
}

if is_genuine "$program"; then
  chmod +x "$program"
  echo "ecs-cli $version is there already: $program"
  exit
fi
mkdir -p "$directory"
download=$(mktemp "$directory/ecs-cli.XXXXXX")
trap 'rm -f "$download"' EXIT
curl --fail --silent --show-error --location --retry 3 --output "$download" "$url"
if ! is_genuine "$download"; then
  echo "install-ecs-cli.sh: $url is not what it was when this was written: its checksum is not $checksum." >&2
  exit 1
fi
chmod 755 "$download"
mv -f "$download" "$program"
echo "ecs-cli $version is installed: $program"
