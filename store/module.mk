# SPDX-License-Identifier: Apache-2.0
# store: blobs, images, layers, snapshots, containers' and volumes' records.
noinst_LIBRARIES += store/libstore.a

store_libstore_a_SOURCES = \
	store/batch.c store/batch.h \
	store/blob.c store/blob_writer.c store/blob.h \
	store/container.c store/container_find.c store/container.h \
	store/container_name.c store/container_name.h \
	store/image.c store/image_tag.c store/image.h \
	store/image_table.c store/image_table.h \
	store/layer_store.c store/layer_settle.c store/layer_store.h \
	store/overlay.c store/overlay.h \
	store/snapshot.c store/snapshot.h \
	store/store.c store/store.h \
	store/temp_dir.c store/temp_dir.h \
	store/volume.c store/volume.h

STORE_LIBS = store/libstore.a $(SPEC_LIBS) $(STREAM_LIBS)

include store/layer.mk
