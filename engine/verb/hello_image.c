/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/hello.h"

#include <stdint.h>

#include "lib/io.h"
#include "lib/own.h"

/* The compiler runs at the top of the build tree, where image.sh has put the archive. */
__asm__(".section .rodata\n"
	".balign 16\n"
	"hello_image_begin:\n"
	".incbin \"engine/hello/image.tar\"\n"
	"0:\n"
	".balign 8\n"
	"hello_image_size:\n"
	".quad 0b - hello_image_begin\n"
	".previous\n");

extern const char hello_image_begin[];
extern const uint64_t hello_image_size;

int hello_image_open(struct err *err)
{
	return io_memory_file("hello-world", hello_image_begin, hello_image_size, err);
}
