# SPDX-License-Identifier: Apache-2.0
# The layer half of store: kist-layer, and what others link to run it and to write layers.
noinst_LIBRARIES += store/liblayer.a

store_liblayer_a_SOURCES = \
	store/layer.h \
	store/layer_worker.c store/layer_worker.h

LAYER_LIBS = store/liblayer.a $(SPEC_LIBS) $(STREAM_LIBS)
