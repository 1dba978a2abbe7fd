# SPDX-License-Identifier: Apache-2.0
# lib: the substrate. Three archives, so that a program links only the libraries it uses:
# liblib.a needs yajl alone, libstream.a the compressors and libcrypto.
noinst_LIBRARIES += lib/liblib.a lib/libstream.a

lib_liblib_a_SOURCES = \
	lib/bars.c lib/bars.h \
	lib/base64.c lib/base64.h \
	lib/buf.c lib/buf.h \
	lib/confine.c lib/confine.h lib/confine_calls.c lib/confine_calls.h \
	lib/cli.c lib/cli.h lib/cli_help.c \
	lib/dir.c lib/dir.h \
	lib/detach_keys.c lib/detach_keys.h \
	lib/duration.c lib/duration.h \
	lib/env.c lib/env.h \
	lib/err.c lib/err.h \
	lib/fs_context.c lib/fs_context.h \
	lib/io.c lib/io.h \
	lib/json.c lib/json.h \
	lib/key_index.c lib/key_index.h \
	lib/lock.c lib/lock.h \
	lib/log.c lib/log.h \
	lib/mem.c lib/mem.h \
	lib/output.c lib/output.h \
	lib/own.h \
	lib/path.c lib/path.h \
	lib/place.c lib/place.h \
	lib/proc.c lib/proc.h \
	lib/relay.c lib/relay.h \
	lib/schema.c lib/schema.h \
	lib/seconds.c lib/seconds.h \
	lib/size.c lib/size.h \
	lib/socket.c lib/socket.h \
	lib/spawn.c lib/spawn.h \
	lib/subid.c lib/subid.h \
	lib/userns.c lib/userns_enter.c lib/userns.h lib/userns_private.h \
	lib/utf8.c lib/utf8.h

lib_libstream_a_SOURCES = \
	lib/sha256.c lib/sha256.h \
	lib/deflate.c lib/inflate.c \
	lib/stream.c lib/stream.h \
	lib/tar.h lib/tar_format.h lib/tar_cursor.c lib/tar_header.c lib/tar_map.c lib/tar_read.c lib/tar_write.c

LIB_LIBS = lib/liblib.a $(YAJL_LIBS) -lm
STREAM_LIBS = lib/libstream.a $(LIB_LIBS) $(ISAL_LIBS) $(ZLIB_LIBS) $(ZSTD_LIBS) $(SHA256_LIBS)
