# SPDX-License-Identifier: Apache-2.0
# puller: the registry client; kist-pull, kist-push, kist-login, kist-logout.
noinst_LIBRARIES += puller/libpuller.a
bin_PROGRAMS += bin/kist-pull bin/kist-push bin/kist-login bin/kist-logout

puller_libpuller_a_SOURCES = \
	puller/challenge.c puller/challenge.h \
	puller/credentials.c puller/credentials.h \
	puller/feed.c puller/feed.h \
	puller/http.c puller/http.h puller/http_private.h \
	puller/http_host.c puller/http_reply.c puller/http_tls.c puller/http_transfer.c \
	puller/layout_documents.c puller/layout_documents.h \
	puller/interrupt.c puller/interrupt.h \
	puller/progress.c puller/progress.h \
	puller/puller_options.c puller/puller_options.h \
	puller/registry.c puller/registry.h puller/registry_private.h \
	puller/registry_auth.c puller/registry_error.c \
	puller/resolve.c puller/resolve.h \
	puller/stream_blob.c puller/stream_blob.h \
	puller/upload.c puller/upload.h \
	puller/retry.c puller/retry.h \
	puller/url.c puller/url.h

PULLER_LIBS = puller/libpuller.a $(SPEC_LIBS) $(STREAM_LIBS) $(CURL_LIBS)

bin_kist_login_SOURCES = puller/kist_login.c
bin_kist_login_LDADD = $(PULLER_LIBS)
bin_kist_logout_SOURCES = puller/kist_logout.c
bin_kist_logout_LDADD = $(PULLER_LIBS)

bin_kist_pull_SOURCES = \
	puller/fetch.c puller/fetch.h \
	puller/kist_pull.c \
	puller/pull_layout.c puller/pull_layout.h \
	puller/pull_store.c puller/pull_store.h \
	puller/pull_tags.c puller/pull_tags.h
bin_kist_pull_LDADD = puller/libpuller.a $(LAYER_LIBS) $(STORE_LIBS) $(CURL_LIBS)

bin_kist_push_SOURCES = \
	puller/kist_push.c \
	puller/push_layout.c puller/push_layout.h \
	puller/push_store.c puller/push_store.h
bin_kist_push_LDADD = puller/libpuller.a $(STORE_LIBS) $(CURL_LIBS)
