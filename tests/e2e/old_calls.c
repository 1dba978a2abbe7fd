/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ask for sockets by the 32-bit system calls, as any 64-bit program can (int 0x80): "socketcall N"
 * and "socket N" for each family N that was got. On another processor: "none".
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
static long call32(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

int main(void)
{
	static const int families[] = {1, 2, 16, 38, 40};
	unsigned *args = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (args == MAP_FAILED)
		return 1;
	for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		int type = families[i] == 38 ? 5 : 1;
		long fd;

		if (families[i] == 16)
			type = 3;
		args[0] = (unsigned)families[i];
		args[1] = (unsigned)type;
		args[2] = 0;
		fd = call32(102, 1, (long)args, 0);
		if (fd >= 0)
			printf("socketcall %d\n", families[i]);
		else
			printf("socketcall %d fails with %ld\n", families[i], -fd);
		fd = call32(359, families[i], type, 0);
		if (fd >= 0)
			printf("socket %d\n", families[i]);
		else
			printf("socket %d fails with %ld\n", families[i], -fd);
	}
	return 0;
}
#else
int main(void)
{
	puts("none");
	return 0;
}
#endif
