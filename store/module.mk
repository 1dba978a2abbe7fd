# SPDX-License-Identifier: Apache-2.0
# store: blobs, images, layers, snapshots, containers' and volumes' records; kist-store.
include store/archive/archive.mk
include store/layer/layer.mk

noinst_LIBRARIES += store/libstore.a
bin_PROGRAMS += bin/kist-store

store_libstore_a_SOURCES = \
	store/archive.h \
	store/archive_intake.c store/archive_intake.h store/archive_load.c \
	store/archive_save.c store/archive_save_docker.c store/archive_writer.c store/archive_writer.h \
	store/batch.c store/batch.h \
	store/blob.c store/blob_writer.c store/blob.h \
	store/container.c store/container_find.c store/container_run.c store/container.h \
	store/container_unfinished.c \
	store/container_name.c store/container_name.h \
	store/container_open.c store/container_open.h \
	store/digest_set.c store/digest_set.h \
	store/disk_usage.c store/disk_usage.h \
	store/fsck.c store/gc.c store/gc.h \
	store/inflated.c store/inflated.h \
	store/image.c store/image_tag.c store/image.h \
	store/image_table.c store/image_table.h \
	store/layer_pack.c store/layer_pack.h \
	store/layer_store.c store/layer_settle.c store/layer_sink.h store/layer_store.h \
	store/overlay.c store/overlay.h \
	store/record_file.c store/record_file.h \
	store/session.c store/session.h \
	store/snapshot.c store/snapshot.h \
	store/store.c store/store.h store/store_private.h \
	store/temp_dir.c store/temp_dir.h \
	store/tool.c store/tool.h store/tool/call.c store/tool/cmd.h \
	store/tool/cmd_containers.c store/tool/cmd_create.c store/tool/cmd_finish.c \
	store/tool/cmd_forget_run.c \
	store/tool/cmd_fsck.c store/tool/cmd_gc.c store/tool/cmd_get.c store/tool/cmd_inspect.c \
	store/tool/cmd_load.c store/tool/cmd_ls.c store/tool/cmd_mount.c store/tool/cmd_put.c \
	store/tool/cmd_record.c store/tool/cmd_rename.c store/tool/cmd_rm.c store/tool/cmd_save.c store/tool/cmd_settle.c \
	store/tool/cmd_tag.c store/tool/cmd_untag.c store/tool/cmd_volume_create.c \
	store/tool/cmd_volume_inspect.c store/tool/cmd_volume_ls.c store/tool/cmd_volume_populate.c \
	store/tool/cmd_volume_rm.c store/tool/cmd_wait.c \
	store/unpack.c store/unpack.h \
	store/volume.c store/volume_populate.c store/volume.h

STORE_LIBS = store/libstore.a store/libscan.a $(LAYER_LIBS)

bin_kist_store_SOURCES = store/kist_store.c
bin_kist_store_LDADD = $(STORE_LIBS)
