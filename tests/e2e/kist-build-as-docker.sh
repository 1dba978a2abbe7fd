#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What docker's builders do where it is easy to do otherwise: names, patterns without a match, mount
# points, owners and modes of what is made, links at the end of a destination.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime python3
base_image
cd "$T/context" || exit 1

# a name is a name, whatever an image ID begins with; a whole ID is none
printf 'FROM busybox\nLABEL a=b\n' | dockerfile
check "an image" build
id=$(tail -n 1 "$T/out" | jq -r '.annotations["org.kist.image.id"]')
hex=${id#sha256:}
for prefix in "$(echo "$hex" | cut -c1)" "$(echo "$hex" | cut -c1-12)" "$(echo "$hex" | cut -c1-63)"; do
	for text in "FROM $prefix" "FROM busybox\nCOPY --from=$prefix /bin/sh /x" \
		"FROM busybox\nRUN --mount=from=$prefix,target=/x true"; do
		printf '%b\n' "$text" | dockerfile
		status 1 kist-build "$T/context"
		complains "docker.io/library/$prefix:latest"
	done
done
for name in "$id" "$hex"; do
	printf 'FROM %s\nCOPY --from=%s /bin/sh /x\n' "$name" "$name" | dockerfile
	check "an image by its ID" build
	[ "$(config app .config.Labels.a)" = b ] || fail "another image"
done

# a pattern may match nothing beside a source that is there
echo p >package.json
printf 'FROM scratch\nCOPY package.json yarn.lock* ./\nCOPY x* package.* /two/\n' | dockerfile
check "a pattern without a match" build
[ "$(in_image app 'find . -type f | sort | tr "\n" " "')" = "./package.json ./two/package.json " ] || fail "copied"
for sources in 'yarn.lock*' 'yarn.lock* *.none' 'package.json yarn.lock'; do
	printf 'FROM scratch\nCOPY %s /x/\n' "$sources" | dockerfile
	status 1 kist-build "$T/context"
	complains 'not found'
done

# mounts without a target, mount points, caches, secrets that nobody gave
mkdir from
echo other >from/file
dockerfile <<'EOF'
FROM busybox AS other
COPY from /data
RUN mkdir /empty
FROM busybox
WORKDIR /w
RUN --mount=from=other,source=data cat file > /of-other; ls -A /w > /listed
RUN --mount=type=cache,target=/c/d/e --mount=type=tmpfs,target=/t --mount=from=other,source=/data/file,target=/m/file true
RUN --mount=type=tmpfs,target=/kept/mount touch /kept/file
RUN --mount=type=cache,id=one,target=/c touch /c/root; stat -c %u:%g:%a /c > /one
RUN --mount=type=cache,id=one,uid=1000,gid=1000,mode=0700,target=/c stat -c %u:%g:%a /c > /two; ls /c >> /two
RUN --mount=type=cache,id=one,mode=0777,target=/c stat -c %u:%g:%a /c > /three; ls /c >> /three
RUN --mount=type=cache,id=one,target=/c ls /c > /four
RUN --mount=type=secret,id=token,env=TOKEN --mount=type=secret,id=file --mount=type=ssh test -z "$TOKEN" && test ! -e /run/secrets
EOF
check "mounts" build
in_image app '
set -e
[ "$(cat of-other)" = other ] && [ "$(cat listed)" = file ] && [ -z "$(ls -A w)" ] || exit 1
[ ! -e c ] && [ ! -e t ] && [ ! -e m ] && [ "$(ls kept)" = file ] && [ ! -e run/secrets ] || exit 1
[ "$(cat one)" = 0:0:755 ] && [ "$(cat two)" = 1000:1000:700 ] && [ "$(cat three)" = 0:0:777 ] && [ "$(cat four)" = root ] || exit 1
' || fail "mounts: $(in_image app 'ls -la . w; cat one two three four')"
for mount in type=secret,id=token,required type=ssh,required=true; do
	printf 'FROM busybox\nRUN --mount=%s true\n' "$mount" | dockerfile
	status 1 kist-build "$T/context"
done
printf 'FROM busybox\nRUN --mount=type=secret true\n' | dockerfile
status 1 kist-build "$T/context"
complains 'invalid secret mount. one of source, target required'

# owners and modes of directories that are made
mkdir -m 700 private
mkdir -m 711 private/inner
echo f >private/inner/f
chown -R 33:33 private
dockerfile <<'EOF'
FROM busybox AS other
RUN mkdir -p -m 700 /src/in && chown -R 1000:2000 /src && touch /src/in/f
FROM busybox
COPY private /plain
COPY --chown=1000:2000 private /p/q/chown
COPY --chmod=750 private /p2/chmod
COPY --chown=1000:2000 package.json /made/by/file
COPY --from=other /src /stage
USER user
WORKDIR /home/user/work
WORKDIR /home/user/work/../deeper
USER 7:8
WORKDIR /numbers
USER 0
WORKDIR /root-owned
EOF
check "owners and modes" build
in_image app '
set -e
what() { stat -c %u:%g:%a "$@" | tr "\n" " "; }
[ "$(what plain plain/inner)" = "0:0:755 0:0:711 " ]
[ "$(what p p/q p/q/chown p/q/chown/inner)" = "1000:2000:755 1000:2000:755 1000:2000:755 1000:2000:711 " ]
[ "$(what p2 p2/chmod p2/chmod/inner p2/chmod/inner/f)" = "0:0:755 0:0:750 0:0:750 0:0:750 " ]
[ "$(what made made/by made/by/file)" = "1000:2000:755 1000:2000:755 1000:2000:644 " ]
[ "$(what stage stage/in)" = "0:0:755 1000:2000:700 " ]
[ "$(what home/user home/user/work home/user/deeper numbers root-owned)" = \
	"1000:100:755 1000:100:755 1000:100:755 7:8:755 0:0:755 " ] ||
[ "$(what home/user home/user/work home/user/deeper numbers root-owned)" = \
	"1000:1000:755 1000:1000:755 1000:1000:755 7:8:755 0:0:755 " ]
' || fail "owners: $(in_image app 'stat -c "%n %u:%g:%a" plain plain/* p p/q p/q/* p2 p2/* made made/* stage stage/* home/user home/user/* numbers')"

# a link at the end of the destination
dockerfile <<'EOF'
FROM busybox
RUN mkdir /etc/real && echo old > /etc/real/file && ln -s /etc/real/file /absolute && ln -s etc/real/file /relative && \
	ln -s ../../../../etc/real/new /dangling && ln -s /nowhere/yet /far && ln -s loop /loop && ln -s etc/real /directory
COPY package.json /absolute
COPY package.json /dangling
COPY package.json /far
COPY package.json /directory
EOF
check "links at the end of a destination" build
in_image app '
set -e
for f in absolute relative dangling far directory; do [ -L $f ]; done
[ "$(cat etc/real/file etc/real/new nowhere/yet etc/real/package.json | tr -d "\n")" = pppp ]
' || fail "links: $(in_image app 'ls -l . etc/real')"
printf 'FROM busybox\nRUN ln -s loop /loop\nCOPY package.json /loop\n' | dockerfile
status 1 kist-build "$T/context"
complains 'too many links'

# networks have names
for text in 'RUN --network=fake true' 'RUN true\nRUN --network= true'; do
	printf 'FROM busybox AS unneeded\n%b\nFROM busybox\nLABEL a=b\n' "$text" | dockerfile
	status 1 kist-build "$T/context"
	complains 'invalid network mode'
done

# a tar whose entries have no name
python3 - >"$T/nameless.tar" <<'EOF'
import io, sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
    for name, text in (("Dockerfile", "FROM scratch\nCOPY . /\n"), ("", "nothing"), ("./", ""), ("file", "text")):
        entry = tarfile.TarInfo(name)
        entry.type = tarfile.DIRTYPE if name == "./" else tarfile.REGTYPE
        data = b"" if name == "./" else text.encode()
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
EOF
check "a tar with an entry without a name" kist-build -t app - <"$T/nameless.tar"

# what docker's clients say as a matter of course
printf 'FROM busybox\nLABEL a=b\n' | dockerfile
for flags in --load --rm --rm=true --force-rm --compress --progress=tty --progress=plain; do
	check "$flags" kist-build $flags -t app "$T/context" >"$T/out" 2>"$T/err"
done
status 0 kist-build --progress=none -t app "$T/context"
if [ -s "$T/out" ] || [ -s "$T/err" ]; then fail "--progress=none says something"; fi
status 2 kist-build --progress=fancy "$T/context"
