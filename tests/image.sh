#!/usr/bin/env bash
# The image without a container engine, by the steps of the Dockerfile: a static build, alone in a root
# folder that nothing can write to, run as another user with the image's variables, asked by the image's
# health check, stopped by SIGTERM. Needs root on Linux. The ports must be free.
set -euo pipefail
cd "$(dirname "$0")/.."

target="$(rustc -vV | sed -n 's/^host: //p')"
RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --locked --target "$target"
program="target/$target/release/restante"
if readelf --program-headers "$program" | grep -q INTERP; then
  echo "$program is not static" >&2
  exit 1
fi

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
cp "$program" "$root/restante"
chmod 755 "$root"

# A mount of its own, which ends with the shell that made it.
unshare --mount bash -euo pipefail -s "$root" <<'INSIDE'
root="$1"
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
cd "$root"
chroot="$(command -v chroot)"
in_image() {
  exec env -i RESTANTE_SMTP=0.0.0.0:1025 RESTANTE_HTTP=0.0.0.0:8025 \
    "$chroot" --userspec=65532:65532 "$root" /restante "$@"
}
in_image &
server=$!
trap 'kill -KILL "$server" 2> /dev/null || true' EXIT
(in_image ready --wait)
(in_image ready)
printf 'From: a@x.test\r\nSubject: static\r\n\r\nIt works.\r\n' |
  curl -fsS smtp://127.0.0.1:1025 --mail-from a@x.test --mail-rcpt b@x.test --upload-file -
curl -fsS 'http://127.0.0.1:8025/v1/messages?limit=1' | grep -q '"subject":"static"'
curl -fsS http://127.0.0.1:8025/ | grep -qi '<!doctype html>'
test "$(stat -c %u "/proc/$server")" = 65532
kill -TERM "$server"
wait "$server"
INSIDE
echo "$(stat -c %s "$program") bytes, static, alone in a read-only root, as user 65532: healthy, caught a mail, stopped with 0"
