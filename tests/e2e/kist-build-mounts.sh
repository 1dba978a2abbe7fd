#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# RUN --mount: caches that stay, tmpfs, parts of the context, of stages; and networks, heredocs, users.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
mkdir "$T/context/part"
echo part >"$T/context/part/file"
echo hidden >"$T/context/part/hidden"
echo part/hidden >"$T/context/.dockerignore"
ln -s "$T" "$T/context/escape"
echo secret >"$T/victim"
dockerfile <<'EOF'
FROM busybox AS other
RUN echo of-stage > /file
FROM busybox
WORKDIR /w
RUN --mount=type=cache,target=cache echo x >> cache/n && cp cache/n /count
RUN --mount=type=cache,id=../../../../escape,target=/c,uid=1000,mode=0700 stat -c %u:%a /c > /stat
RUN --mount=type=tmpfs,target=/t,size=1m echo gone > /t/x
RUN --mount=target=/context,source=part cat /context/file > /from-context; ! touch /context/x; test ! -e /context/hidden
RUN --mount=type=bind,target=/context,rw touch /context/new && test -e /context/new
RUN --mount=from=other,source=file,target=/one-file cat /one-file > /from-stage
RUN --network=none ip -o link show | grep -v ' lo:' > /links; true
RUN <<END
#!/bin/sh
echo script $0 > /script
END
RUN <<-END cat > /shell && echo after >> /shell
	text
	END
USER user
RUN id -u > /tmp/uid; hostname > /tmp/hostname
EOF
check "the build" build
in_image app '
set -e
[ "$(cat count)" = x ] && [ "$(cat stat)" = 1000:700 ] && [ ! -e t/x ] || exit 1
[ "$(cat from-context)" = part ] && [ "$(cat from-stage)" = of-stage ] && [ ! -s links ] || exit 1
[ "$(cat script)" = "script /dev/pipes/END" ] && [ "$(cat shell)" = "text
after" ]
[ "$(cat tmp/uid)" = 1000 ] && [ "$(cat tmp/hostname)" = buildkitsandbox ] || exit 1
[ ! -s etc/resolv.conf ] && [ ! -e etc/hosts ] || exit 1
' || fail "something is not as it should be: $(cat "$T/err")"
if [ -e "$T/context/new" ] || [ -e "$T/context/part/x" ]; then fail "the context was written to"; fi
[ ! -e "$KIST_ROOT/cache/build/mounts/../../../../escape" ] || fail "an id is a path"
[ "$(find "$KIST_ROOT/cache/build/mounts" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || fail "caches"
check "again" build
cached 12
check "without the cache, but with the cache directory" build --no-cache
[ "$(in_image app 'cat count')" = "x
x" ] || fail "the cache directory was not kept"
echo changed >"$T/context/part/file"
check "another context" build
[ "$(in_image app 'cat from-context')" = changed ] || fail "the mount's content is not in the key"

for source in escape escape/victim ../victim; do
	printf 'FROM busybox\nRUN --mount=source=%s,target=/m ! grep -r secret /m\n' "$source" | dockerfile
	status 1 kist-build "$T/context"
	complains 'not found'
done
