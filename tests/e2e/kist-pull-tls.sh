#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# TLS (P12): what is not trusted is refused, what the user trusts is not, and --insecure is for the named host alone.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need openssl
small_layout

# ca DIR: a CA. certificate NAME SUBJECT-ALT-NAME DAYS: signed by it, NAME.crt and NAME.key
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj '/CN=test CA' 2>/dev/null
certificate() {
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
	printf 'subjectAltName=%s\n' "$2" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days "$3" -extfile "$1.ext" \
		-out "$1.crt" 2>/dev/null || fail 'openssl'
}
certificate good IP:127.0.0.1 30
certificate wrong DNS:other.example 30
certificate expired IP:127.0.0.1 -1
mkdir trust
cp ca.crt trust/ca.crt

serve good cert=good.crt key=good.key
good=$SERVER
status 1 kist-pull -q "$good/app:v1"
complains 'certificate is not trusted'
complains "/etc/docker/certs.d/$good/ca.crt"
nothing_left
status 0 kist-pull -q --cert-dir trust --root a "$good/app:v1"
if traced -o trace true 2>/dev/null; then
	traced -f -o trace -e trace=getdents64 -e inject=getdents64:error=EIO:when=1 \
		kist-pull -q --cert-dir trust --root unread "$good/app:v1" >out 2>err && fail 'certificates that were not read'
	check 'certificates that cannot be read are an error' grep -q "cannot read certificates in 'trust': .*Input/output" err
fi
at_most 16384 kist-pull -q --cert-dir trust --root measured "$good/app:v1"
mount -t tmpfs none /etc/docker 2>/dev/null || { mkdir -p /etc/docker && mount -t tmpfs none /etc/docker; }
on_exit 'umount /etc/docker'
mkdir -p "/etc/docker/certs.d/$good"
cp ca.crt "/etc/docker/certs.d/$good/ca.crt"
status 0 kist-pull -q --root b "$good/app:v1"
rm "/etc/docker/certs.d/$good/ca.crt"
cp good.crt "/etc/docker/certs.d/$good/client.cert"
status 1 kist-pull -q --root b "$good/app:v1"
complains "has no key 'client.key'"
rm -r "/etc/docker/certs.d/$good"

status 0 kist-pull -q --root c --insecure "$good" "$good/app:v1"
status 0 kist-pull -q --root d --insecure 127.0.0.1 "$good/app:v1"
status 1 kist-pull -q --root e --insecure 127.0.0.1:1 --insecure other.example "$good/app:v1"
complains 'certificate is not trusted'

serve wrong cert=wrong.crt key=wrong.key
status 1 kist-pull -q --cert-dir trust "$SERVER/app:v1"
complains 'not trusted'
serve expired cert=expired.crt key=expired.key
status 1 kist-pull -q --cert-dir trust "$SERVER/app:v1"
complains 'expired'
serve old cert=good.crt key=good.key tls_max=1.1
status 1 kist-pull -q --cert-dir trust "$SERVER/app:v1"
status 1 kist-pull -q --insecure "$SERVER" "$SERVER/app:v1"

# a host that certs.d names is spoken to in TLS alone, also on loopback: what is wrong there is told
server_port=$(free_port)
mkdir -p "/etc/docker/certs.d/127.0.0.1:$server_port"
cp ca.crt "/etc/docker/certs.d/127.0.0.1:$server_port/"
python3 "$KIST_SOURCE/tests/e2e/registry_server.py" "$LAYOUT" "$server_port" "$T/mutual.log" cert=good.crt key=good.key \
	client_ca=ca.crt 2>"$T/mutual.err" &
on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
wait_for 10 sh -c "curl -sk --cert good.crt --key good.key https://127.0.0.1:$server_port/ready"
status 1 kist-pull -q --root mutual "127.0.0.1:$server_port/app:v1"
grep -q 'HTTP status' err && fail 'plain HTTP was tried'
complains 'https://127.0.0.1'
cp good.crt "/etc/docker/certs.d/127.0.0.1:$server_port/client.cert"
cp good.key "/etc/docker/certs.d/127.0.0.1:$server_port/client.key"
status 0 kist-pull -q --root mutual "127.0.0.1:$server_port/app:v1"

# plain HTTP: to loopback by itself, elsewhere only when the host is named
ip addr add 192.0.2.7/32 dev lo
serve plain host=192.0.2.7
status 1 kist-pull -q "$SERVER/app:v1"
check 'nothing was asked in plain HTTP' test ! -s "$LOG"
status 0 kist-pull -q --root f --insecure "$SERVER" "$SERVER/app:v1"

# from https to http: never
serve cdn
serve from cert=good.crt key=good.key redirect="http://$SERVER"
status 1 kist-pull -q --cert-dir trust "$SERVER/app:v1"
complains 'from https to'
nothing_left
