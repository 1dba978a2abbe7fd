# SPDX-License-Identifier: Apache-2.0
# The layer half of store: kist-layer, and what others link to run it and to write layers.
noinst_LIBRARIES += store/liblayer.a store/libunpack.a

store_liblayer_a_SOURCES = \
	store/layer/layer.h store/layer/layer_write.c \
	store/layer/layer_emit.c store/layer/layer_emit.h \
	store/layer/layer_list.c store/layer/layer_list.h \
	store/layer/layer_same.c store/layer/layer_same.h \
	store/layer/layer_worker.c store/layer/layer_worker.h \
	store/layer/layer_xattr.c store/layer/layer_xattr.h

# only for kist-layer and its tests
store_libunpack_a_SOURCES = \
	store/layer/layer_name.c store/layer/layer_name.h \
	store/layer/layer_parent.c store/layer/layer_parent.h \
	store/layer/layer_remove.c store/layer/layer_remove.h \
	store/layer/layer_seen.c store/layer/layer_seen.h \
	store/layer/layer_unpack.c store/layer/layer_unpack.h

LAYER_LIBS = store/liblayer.a $(SPEC_LIBS) $(STREAM_LIBS)

bin_PROGRAMS += bin/kist-layer
bin_kist_layer_SOURCES = \
	store/layer/kist-layer.c store/layer/kist-layer-unpack.c \
	store/layer/kist-layer-pack.c store/layer/kist-layer-diff.c \
	store/layer/layer_commands.c store/layer/layer_commands.h \
	store/layer/layer_input.c store/layer/layer_input.h \
	store/layer/layer_root.c store/layer/layer_root.h
bin_kist_layer_LDADD = store/libunpack.a $(LAYER_LIBS)
