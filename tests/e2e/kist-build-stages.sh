#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two stages, one that nothing needs, and a second build that is CACHED throughout and gives the same image.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
echo 'source' >"$T/context/main.txt"
dockerfile <<'EOF'
FROM busybox AS build
WORKDIR /src
COPY main.txt .
RUN tr a-z A-Z < main.txt > program && chmod 755 program
FROM busybox AS unneeded
RUN false
FROM scratch
COPY --from=build /src/program /bin/
ENTRYPOINT ["/bin/program"]
EOF
check "the first build" build
complains '[build 4/4] RUN tr a-z A-Z'
complains '[stage-2 2/2] COPY --from=build'
cached 0
grep -q unneeded "$T/err" && fail "a stage that nothing needs was built"
[ "$(in_image app 'cat bin/program')" = SOURCE ] || fail "wrong content"
[ "$(config app .config.Entrypoint)" = '["/bin/program"]' ] || fail "wrong entrypoint"
first=$(tail -n 1 "$T/out")

check "the second build" build
cached 4
[ "$(tail -n 1 "$T/out")" = "$first" ] || fail "another image than the first time"
[ "$(grep -c '"cached":true' "$T/out")" = 4 ] || fail "the JSON lines do not say cached"

echo 'changed' >"$T/context/main.txt"
check "a build of changed files" build
cached 1
[ "$(in_image app 'cat bin/program')" = CHANGED ] || fail "the change is not in the image"

check "without the cache" build --no-cache
cached 0

status 1 kist-build --target unneeded "$T/context"
check "a target by name" build --target build
[ "$(in_image app 'cat src/program')" = CHANGED ] || fail "wrong target"
[ "$(config app '.history | map(.created_by) | map(split(" ")[0]) | .[-3:]')" = '["WORKDIR","COPY","RUN"]' ] ||
	fail "wrong history"

# two stages on one: what one of them adds to the lists it took over is not in the other
dockerfile <<'EOF'
FROM busybox AS parent
ENV A=1 B=2
LABEL l=parent
VOLUME /p
FROM parent AS one
ENV ONE=1 A=one
LABEL l=one
VOLUME /one
FROM parent
ENV TWO=2
VOLUME /two
COPY --from=one /etc/passwd /one
EOF
check "two stages on one" build
[ "$(config app '.config.Env[1:]')" = '["A=1","B=2","TWO=2"]' ] || fail "ENV: $(config app .config.Env)"
[ "$(config app '.config.Volumes | keys')" = '["/p","/two"]' ] || fail "VOLUME: $(config app .config.Volumes)"
[ "$(config app .config.Labels.l)" = parent ] || fail "LABEL: $(config app .config.Labels)"
check "the other one" build --target one
[ "$(config app '.config.Env[1:]')" = '["A=one","B=2","ONE=1"]' ] || fail "ENV: $(config app .config.Env)"

skopeo inspect "oci:$KIST_ROOT/images:docker.io/library/app:latest" >/dev/null ||
	fail "skopeo cannot read the image"
