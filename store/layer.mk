# SPDX-License-Identifier: Apache-2.0
# The layer half of store: kist-layer, and what others link to run it and to write layers.
noinst_LIBRARIES += store/liblayer.a store/libunpack.a

store_liblayer_a_SOURCES = \
	store/layer.h store/layer_write.c \
	store/layer_emit.c store/layer_emit.h \
	store/layer_list.c store/layer_list.h \
	store/layer_same.c store/layer_same.h \
	store/layer_worker.c store/layer_worker.h \
	store/layer_xattr.c store/layer_xattr.h

# only for kist-layer and its tests
store_libunpack_a_SOURCES = \
	store/layer_name.c store/layer_name.h \
	store/layer_parent.c store/layer_parent.h \
	store/layer_remove.c store/layer_remove.h \
	store/layer_seen.c store/layer_seen.h \
	store/layer_unpack.c store/layer_unpack.h

LAYER_LIBS = store/liblayer.a $(SPEC_LIBS) $(STREAM_LIBS)

bin_PROGRAMS += bin/kist-layer
bin_kist_layer_SOURCES = \
	store/kist-layer.c store/kist-layer-unpack.c \
	store/kist-layer-pack.c store/kist-layer-diff.c \
	store/layer_commands.h \
	store/layer_input.c store/layer_input.h \
	store/layer_sandbox.c store/layer_sandbox.h store/layer_seccomp.c
bin_kist_layer_LDADD = store/libunpack.a $(LAYER_LIBS)
