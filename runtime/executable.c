/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/executable.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>

/* Copy the part of len bytes that fits; an interpreter we cannot hold is none we can look up. */
static void set_interpreter(struct executable *out, const unsigned char *text, size_t len)
{
	if (len == 0 || len >= sizeof(out->interpreter) || memchr(text, '\0', len))
		return;
	memcpy(out->interpreter, text, len);
	out->interpreter[len] = '\0';
}

/* As the kernel's binfmt_script: blanks, then everything up to a blank or the line's end. */
static void parse_script(const unsigned char *head, size_t len, struct executable *out)
{
	size_t start = 2, end;

	out->kind = EXECUTABLE_SCRIPT;
	while (start < len && (head[start] == ' ' || head[start] == '\t'))
		start++;
	for (end = start; end < len; end++)
		if (head[end] == ' ' || head[end] == '\t' || head[end] == '\n' || !head[end])
			break;
	set_interpreter(out, head + start, end - start);
}

static void parse_segment(const unsigned char *head, size_t len, uint64_t offset, uint64_t size,
	struct executable *out)
{
	if (offset < len && size > 1 && size <= len - offset && !head[offset + size - 1])
		set_interpreter(out, head + offset, (size_t)size - 1);
}

static void parse_elf64(const unsigned char *head, size_t len, struct executable *out)
{
	Elf64_Ehdr e;

	if (len < sizeof(e))
		return;
	memcpy(&e, head, sizeof(e));
	if (e.e_phentsize != sizeof(Elf64_Phdr))
		return;
	for (unsigned i = 0; i < e.e_phnum; i++) {
		Elf64_Phdr p;
		uint64_t at = (uint64_t)i * sizeof(p);

		if (e.e_phoff > len || len - e.e_phoff < at + sizeof(p))
			return;
		memcpy(&p, head + e.e_phoff + at, sizeof(p));
		if (p.p_type == PT_INTERP)
			parse_segment(head, len, p.p_offset, p.p_filesz, out);
	}
}

static void parse_elf32(const unsigned char *head, size_t len, struct executable *out)
{
	Elf32_Ehdr e;

	if (len < sizeof(e))
		return;
	memcpy(&e, head, sizeof(e));
	if (e.e_phentsize != sizeof(Elf32_Phdr))
		return;
	for (unsigned i = 0; i < e.e_phnum; i++) {
		Elf32_Phdr p;
		uint64_t at = (uint64_t)i * sizeof(p);

		if (e.e_phoff > len || len - e.e_phoff < at + sizeof(p))
			return;
		memcpy(&p, head + e.e_phoff + at, sizeof(p));
		if (p.p_type == PT_INTERP)
			parse_segment(head, len, p.p_offset, p.p_filesz, out);
	}
}

/* Only files in our own byte order: the loader of another machine's is not ours to judge. */
static void parse_elf(const unsigned char *head, size_t len, struct executable *out)
{
	const unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB
									      : ELFDATA2MSB;

	out->kind = EXECUTABLE_ELF;
	if (head[EI_DATA] != order)
		return;
	if (head[EI_CLASS] == ELFCLASS64)
		parse_elf64(head, len, out);
	else if (head[EI_CLASS] == ELFCLASS32)
		parse_elf32(head, len, out);
}

void executable_parse(const unsigned char *head, size_t len, struct executable *out)
{
	memset(out, 0, sizeof(*out));
	if (len > 2 && head[0] == '#' && head[1] == '!')
		parse_script(head, len, out);
	else if (len >= EI_NIDENT && memcmp(head, ELFMAG, SELFMAG) == 0)
		parse_elf(head, len, out);
}
