#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who sees which ARG and ENV, and what becomes of the other instructions in the image's config.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
dockerfile <<'EOF'
ARG base=busybox
ARG global=from-global unseen=x
FROM $base AS one
ARG global
ARG local=default given=default empty
ENV env=1 kept=old
ENV env=2 kept=$env
ARG kept=arg
RUN echo "$global/$local/$given/$env/$kept/[$unseen]/$TARGETARCH/$http_proxy" > /one
FROM one AS two
ARG TARGETARCH
RUN echo "$global/$given/$TARGETARCH" > /two
FROM busybox
COPY --from=two /one /two /
ARG later
ONBUILD COPY --from=dep /made /
ONBUILD RUN cp /made /run-by-child
EXPOSE 80 90-91/UDP
VOLUME ["/data", "/with space"]
LABEL "a b"="c d" e=f
USER 1000:2000
WORKDIR /w
WORKDIR x/
STOPSIGNAL SIGQUIT
SHELL ["/bin/busybox","sh","-c"]
HEALTHCHECK --interval=5s --retries=2 CMD check it
CMD echo $env
ENTRYPOINT ["/bin/echo"]
MAINTAINER somebody
EOF
check "the build" build --build-arg given=yes --build-arg unknown=1 --build-arg http_proxy=http://p:1 --label l=m
complains '[Warning] One or more build-args [unknown] were not consumed'
[ "$(in_image app 'cat one')" = "from-global/default/yes/2/1/[]//http://p:1" ] || fail "one: $(in_image app 'cat one')"
case $(in_image app 'cat two') in from-global/yes/?*) ;; *) fail "two: $(in_image app 'cat two')" ;; esac
[ "$(config app '.config | [.ExposedPorts, .Volumes, .Labels, .User, .WorkingDir, .StopSignal, .Shell, .Cmd, .Entrypoint]')" = \
	'[{"80/tcp":{},"90/udp":{},"91/udp":{}},{"/data":{},"/with space":{}},{"a b":"c d","e":"f","l":"m"},"1000:2000","/w/x","SIGQUIT",["/bin/busybox","sh","-c"],["/bin/busybox","sh","-c","echo $env"],["/bin/echo"]]' ] ||
	fail "config: $(config app .config)"
[ "$(config app .config.Healthcheck)" = '{"Test":["CMD-SHELL","check it"],"Interval":5000000000,"Retries":2}' ] ||
	fail "healthcheck: $(config app .config.Healthcheck)"
[ "$(config app .config.OnBuild)" = '["COPY --from=dep /made /","RUN cp /made /run-by-child"]' ] || fail "triggers"
[ "$(config app .author)" = somebody ] || fail "author"
config app '.history | map(.created_by)' >"$T/history"
for line in 'EXPOSE map[80/tcp:{} 90/udp:{} 91/udp:{}]' 'LABEL a b=c d e=f' 'WORKDIR /w/x' 'ENTRYPOINT [\"/bin/echo\"]' \
	'HEALTHCHECK &{[\"CMD-SHELL\" \"check it\"] \"5s\" \"0s\" \"0s\" \"0s\" '"'\\\\x02'}"; do
	grep -qF -- "$line" "$T/history" || fail "history lacks: $line: $(cat "$T/history")"
done
# a proxy is neither in the key nor in the history; an argument is
check "another proxy" build --build-arg given=yes --build-arg http_proxy=http://q:1 --label l=m
cached 5
check "another argument" build --build-arg given=no
[ "$(in_image app 'cat one')" = "from-global/default/no/2/1/[]//" ] || fail "the argument was not seen"

# the base's triggers run in the child, and are gone
dockerfile <<'EOF'
FROM busybox AS dep
RUN echo made > /made
FROM parent
EOF
printf 'FROM busybox\nONBUILD COPY --from=dep /made /\nONBUILD RUN cp /made /run-by-child\n' >"$T/Dockerfile.parent"
check "the parent" kist-build -q -t parent -f "$T/Dockerfile.parent" "$T/context" >"$T/out"
check "the child" build
[ "$(in_image app 'cat run-by-child')" = made ] || fail "the trigger did not run"
[ "$(config app .config.OnBuild)" = null ] || fail "triggers were inherited"

# CMD of the base goes with a new ENTRYPOINT, one of this stage does not
printf 'FROM busybox\nCMD ["x"]\n' | kist-build -q -t withcmd - >"$T/out" || fail withcmd
printf 'FROM withcmd\nENTRYPOINT ["e"]\n' | kist-build -q -t app - >"$T/out" || fail entrypoint
[ "$(config app .config.Cmd)" = null ] || fail "CMD of the base survived"
printf 'FROM withcmd\nCMD ["y"]\nENTRYPOINT ["e"]\n' | kist-build -q -t app - >"$T/out" || fail entrypoint
[ "$(config app .config.Cmd)" = '["y"]' ] || fail "CMD of the stage did not survive"
