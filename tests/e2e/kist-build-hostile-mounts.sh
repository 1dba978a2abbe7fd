#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# U08: sources, targets, ids and options of RUN --mount stay in the context, the caches and the image,
# whatever links and separators they are made of.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
mkdir "$T/victims"
echo secret >"$T/victims/file"
cd "$T/context" || exit 1

# sources
ln -s "$T/victims" absolute
ln -s ../victims relative
ln -s / root
mkdir inside
echo text >inside/file
for source in absolute relative ../victims root/../../victims "$T/victims" absolute/file; do
	printf 'FROM busybox\nRUN --mount=source=%s,target=/m,rw grep -r secret /m && touch /m/written\n' "$source" | dockerfile
	status 1 kist-build "$T/context"
done
# a source that is the context's root by way of a link to "/" is the context
printf 'FROM busybox\nRUN --mount=source=root,target=/m cat /m/inside/file > /read; ! ls /m/etc\n' | dockerfile
check "a link to the root" build
[ "$(in_image app 'cat read')" = text ] || fail "a link to the root leads elsewhere"

# ids of caches
for id in ../../../../victims /../.. "$T/victims" . .. '' 'a/b' 'a:b' "$(head -c 3000 /dev/zero | tr '\0' y)"; do
	printf 'FROM busybox\nRUN --mount=type=cache,target=/c,"id=%s" touch /c/written; ! test -e /c/file\n' "$id" | dockerfile
	check "the cache $id" kist-build --no-cache -t app "$T/context" >"$T/out" 2>"$T/err"
done
find "$KIST_ROOT/cache/build/mounts" -mindepth 1 -maxdepth 1 | grep -vE '/[0-9a-f]{64}$' && fail "an id is a path"

# targets that lead through links which an earlier step made
cat >"$T/links" <<EOF
FROM busybox
RUN mkdir -p .$T/victims && ln -s $T/victims /link && ln -s ../../../../../../../..$T/victims /climb && mkdir /sub && ln -s $T/victims /sub/x
RUN --mount=type=tmpfs,target=/link/a --mount=type=tmpfs,target=/climb/b --mount=target=/sub/x/c --mount=type=cache,target=/link true
RUN --mount=type=cache,target=/link/../victims2 true
WORKDIR /link/made
COPY inside/file /climb/copied
EOF
cp "$T/links" Dockerfile
check "targets through links" build
printf 'FROM busybox\nRUN ln -s %s /dangling\nRUN --mount=type=cache,target=/dangling true\n' "$T/victims" | dockerfile
status 0 kist-build -t dangling "$T/context"
in_image dangling "test -d .$T/victims" || fail "a place behind a link that leads nowhere is not made in the root"
check "targets through links, again" kist-build -f - -t app "$T/context" <"$T/links" >"$T/out" 2>"$T/err"
[ "$(find "$T/victims" | sort | tr '\n' ' ')" = "$T/victims $T/victims/file " ] || fail "the host: $(find "$T/victims")"
[ ! -e "$T/victims2" ] || fail "a directory was made on the host"
in_image app "test -d .$T/victims/made && test -f .$T/victims/copied" || fail "not inside the image's root"

# options in words
for words in 'type=tmpfs,target=/t,size=1m:x' 'type=tmpfs,target=/t,"size=1m,mode=0777"' 'type=bind,target=/t,from=$x' \
	'type=cache,target=/t,uid=-1' 'type=cache,target=/t,mode=9' 'type=cache,target=/t,uid=99999999999' \
	'target=/..' 'type=bind,target=/t,bind-propagation=shared' 'type=bind,target=/t,lowerdir=/'; do
	printf 'FROM busybox\nRUN --mount=%s true\n' "$words" | dockerfile
	status 1 kist-build "$T/context"
done
cat >Dockerfile <<'EOF'
FROM busybox
RUN --mount=type=tmpfs,'"target=/t,lowerdir=/:x,rw"' mount | grep -c ' on /t,lowerdir' > /count
EOF
check "a target with separators" build
[ "$(in_image app 'cat count')" = 1 ] || fail "a target with separators"
odd="$T/con,upperdir=te:xt"
cp -a "$T/context" "$odd"
printf 'FROM busybox\nRUN --mount=target=/m cat /m/inside/file > /read\nRUN --mount=target=/m,rw touch /m/x\n' >"$odd/Dockerfile"
check "a context with separators in its name" kist-build -t app "$odd" >"$T/out" 2>"$T/err"
[ "$(in_image app 'cat read')" = text ] || fail "a context with separators in its name"
[ ! -e "$odd/x" ] || fail "the context was written to"
