/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/hello.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"

/* The compiler runs at the top of the build tree, where image.sh has put the archive. */
__asm__(".section .rodata\n"
	".balign 16\n"
	".globl hello_image_begin\n"
	".globl hello_image_size\n"
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
	own_fd int fd = memfd_create("hello-world", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot make a file in memory");
	r = io_write_full(fd, hello_image_begin, hello_image_size);
	errno = -r;
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot fill a file in memory");
	return give_fd(fd);
}
