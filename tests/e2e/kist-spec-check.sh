# SPDX-License-Identifier: Apache-2.0
# kist-spec check says whether a document is valid, and where it is not.
. "$KIST_SOURCE/tests/e2e/lib.sh"

verdict() {
	want=$1
	shift
	printf '%s' "$1" >document
	shift
	status "$want" kist-spec check "$@" <document
}

verdict 0 '{"ociVersion":"1.0.2","root":{"path":"rootfs"}}'
says '{"kind":"config","valid":true}'
verdict 1 '{"ociVersion":"1.0.2","root":{"path":"r"},"linux":{"namespaces":[{"type":"pid"},{"type":"x"}]}}'
says '{"kind":"config","valid":false,"error":"config.json: linux.namespaces[1].type: '
complains 'linux.namespaces[1].type: '
verdict 1 '{"schemaVersion":2,"layers":[],"manifests":[]}' --kind index
says '"kind":"index","valid":false'
complains "does not belong beside 'manifests'"
verdict 0 '{"rootfs":{"type":"layers","diff_ids":[]}}'
says '{"kind":"image-config","valid":true}'
verdict 1 '{"a":1,"a":2}' --kind manifest
complains 'occurs twice'
verdict 1 ''
complains 'not valid JSON'
verdict 1 '{"x":1}'
complains 'say --kind'
verdict 2 '{}' --kind x
complains 'unknown kind'
printf '{"rootfs":{"diff_ids":[]}}' >document
status 0 kist-spec check document
status 3 kist-spec check missing
yes '[' | head -c 200 | tr -d '\n' >document
status 1 kist-spec check --kind config <document
complains 'nested deeper than 64 levels'
head -c 5000000 /dev/zero >document
status 1 kist-spec check <document
