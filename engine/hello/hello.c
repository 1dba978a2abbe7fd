/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program of the embedded image hello-world. It needs no libc: two system calls and a text,
 * so that the image is as small as an image can be.
 */

static const char text[] =
	"\n"
	"Hello from kist!\n"
	"\n"
	"This text was printed inside a container, so your installation works.\n"
	"What just happened:\n"
	"\n"
	" 1. kist looked for the image hello-world in its store. The first time it is not\n"
	"    there, and kist takes the one that is built into it; any other image comes from\n"
	"    a registry, by kist-pull.\n"
	" 2. The store checked every digest of the image, and kist-layer unpacked its layer.\n"
	" 3. The store laid an empty writable directory over that layer: the container.\n"
	" 4. kist wrote config.json, an OCI document that says how to isolate the process.\n"
	" 5. kist-monitor started kist-runtime, which made the namespaces, entered the\n"
	"    container's root directory, gave up its privileges and executed /hello.\n"
	" 6. /hello wrote this text; kist-monitor passed it to you and to the container's log.\n"
	"\n"
	"What to type next:\n"
	"\n"
	"    kist run -it --rm alpine sh      a shell in a container of another image\n"
	"    kist --plan run hello-world      the steps above as a shell script; runs nothing\n"
	"    kist ps -a                       all containers, also those that have ended\n"
	"    kist images                      the images in the store\n"
	"    kist --help                      everything else\n"
	"\n";

#if defined(__x86_64__)

static long call3(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}

#define CALL_WRITE 1
#define CALL_EXIT  231 /* exit_group */

#elif defined(__aarch64__)

static long call3(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}

#define CALL_WRITE 64
#define CALL_EXIT  94

#elif defined(__riscv) && __riscv_xlen == 64

static long call3(long number, long a, long b, long c)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}

#define CALL_WRITE 64
#define CALL_EXIT  94

#else
#define WITH_LIBC
#endif

#ifdef WITH_LIBC

#include <stdio.h>

int main(void)
{
	return fputs(text, stdout) < 0 || fflush(stdout) != 0;
}

#else

void _start(void) __attribute__((noreturn));

void _start(void)
{
	unsigned long done = 0;

	while (done < sizeof(text) - 1) {
		long n = call3(CALL_WRITE, 1, (long)(text + done), (long)(sizeof(text) - 1 - done));

		if (n <= 0)
			break;
		done += (unsigned long)n;
	}
	for (;;)
		call3(CALL_EXIT, done < sizeof(text) - 1, 0, 0);
}

#endif
