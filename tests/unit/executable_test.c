/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/executable.h"

#include <elf.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct executable parse(const void *data, size_t len)
{
	struct executable x;

	executable_parse(data, len, &x);
	return x;
}

#define TEXT(s) parse(s, sizeof(s) - 1)

static void scripts(void)
{
	CU_ASSERT_EQUAL(TEXT("#!/bin/sh\necho").kind, EXECUTABLE_SCRIPT);
	UNIT_STRING(TEXT("#!/bin/sh\necho").interpreter, "/bin/sh");
	UNIT_STRING(TEXT("#! \t/usr/bin/env python3\n").interpreter, "/usr/bin/env");
	UNIT_STRING(TEXT("#!/bin/sh").interpreter, "/bin/sh");
	UNIT_STRING(TEXT("#!\n").interpreter, "");
	UNIT_STRING(TEXT("#!").interpreter, "");
}

static void long_line(void)
{
	char line[600] = "#!";

	memset(line + 2, 'x', sizeof(line) - 3);
	UNIT_STRING(parse(line, sizeof(line) - 1).interpreter, "");
}

static const char loader[] = "/lib/ld.so";

static size_t make_elf(unsigned char *out, uint64_t offset, uint64_t size)
{
	Elf64_Ehdr e = {.e_ident = ELFMAG,
		.e_phoff = sizeof(e),
		.e_phnum = 1,
		.e_phentsize = sizeof(Elf64_Phdr)};
	Elf64_Phdr p = {.p_type = PT_INTERP, .p_offset = offset, .p_filesz = size};

	e.e_ident[EI_CLASS] = ELFCLASS64;
	e.e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	memcpy(out, &e, sizeof(e));
	memcpy(out + sizeof(e), &p, sizeof(p));
	memcpy(out + sizeof(e) + sizeof(p), loader, sizeof(loader));
	return sizeof(e) + sizeof(p) + sizeof(loader);
}

static void elf(void)
{
	const uint64_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
	unsigned char file[256];
	size_t len = make_elf(file, at, sizeof(loader));

	CU_ASSERT_EQUAL(parse(file, len).kind, EXECUTABLE_ELF);
	UNIT_STRING(parse(file, len).interpreter, loader);
	for (size_t cut = 0; cut < len; cut++)
		UNIT_STRING(parse(file, cut).interpreter, "");
}

static void broken_elf(void)
{
	const uint64_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
	unsigned char file[256];
	size_t len = make_elf(file, UINT64_MAX, sizeof(loader));

	UNIT_STRING(parse(file, len).interpreter, "");
	len = make_elf(file, at, UINT64_MAX);
	UNIT_STRING(parse(file, len).interpreter, "");
	len = make_elf(file, at, 3); /* not terminated */
	UNIT_STRING(parse(file, len).interpreter, "");
}

static void others(void)
{
	CU_ASSERT_EQUAL(TEXT("just text").kind, EXECUTABLE_OTHER);
	CU_ASSERT_EQUAL(TEXT("").kind, EXECUTABLE_OTHER);
	CU_ASSERT_EQUAL(TEXT("\177EL").kind, EXECUTABLE_OTHER);
}

UNIT_TESTS(executable) = {
	{"a script names its interpreter", scripts},
	{"an interpreter that is too long is none", long_line},
	{"an ELF file names its loader, and a part of it none", elf},
	{"offsets and sizes out of the file are seen", broken_elf},
	{"anything else is left to the kernel", others},
};
UNIT_COUNT(executable)
