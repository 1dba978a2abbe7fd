# SPDX-License-Identifier: Apache-2.0
# puller: the registry client; kist-pull, kist-push, kist-login, kist-logout.
noinst_LIBRARIES += puller/libpuller.a
bin_PROGRAMS += bin/kist-login bin/kist-logout

puller_libpuller_a_SOURCES = \
	puller/base64.c puller/base64.h \
	puller/challenge.c puller/challenge.h \
	puller/credentials.c puller/credentials.h \
	puller/http.c puller/http.h puller/http_private.h \
	puller/http_tls.c puller/http_transfer.c \
	puller/puller_options.c puller/puller_options.h \
	puller/registry.c puller/registry.h puller/registry_private.h \
	puller/registry_auth.c puller/registry_error.c \
	puller/url.c puller/url.h

PULLER_LIBS = puller/libpuller.a $(SPEC_LIBS) $(STREAM_LIBS) $(CURL_LIBS)

bin_kist_login_SOURCES = puller/kist_login.c
bin_kist_login_LDADD = $(PULLER_LIBS)
bin_kist_logout_SOURCES = puller/kist_logout.c
bin_kist_logout_LDADD = $(PULLER_LIBS)
