/* SPDX-License-Identifier: Apache-2.0 */
/* Version 2 has no devices controller: a BPF program decides (kernel, bpf/prog_cgroup_device). */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/cgroup_private.h"

#define RULE_INSNS 10 /* at most, for one rule */

struct program {
	struct bpf_insn *insns;
	size_t count;
};

static void emit(struct program *p, unsigned code, unsigned dst, unsigned src, int off, int imm)
{
	p->insns[p->count++] = (struct bpf_insn){.code = (__u8)code,
		.dst_reg = dst & 15,
		.src_reg = src & 15,
		.off = (__s16)off,
		.imm = imm};
}

/* r2 type, r3 access, r4 major, r5 minor, from struct bpf_cgroup_dev_ctx at r1. */
static void emit_prologue(struct program *p)
{
	emit(p, BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, BPF_REG_3, BPF_REG_1, 0, 0);
	emit(p, BPF_ALU | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, BPF_REG_4, BPF_REG_1, 4, 0);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, BPF_REG_5, BPF_REG_1, 8, 0);
}

static int access_bits(const char *access)
{
	int bits = 0;

	if (!access || !*access)
		return BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;
	for (; *access; access++)
		bits |= *access == 'm'   ? BPF_DEVCG_ACC_MKNOD
			: *access == 'r' ? BPF_DEVCG_ACC_READ
					 : BPF_DEVCG_ACC_WRITE;
	return bits;
}

static void emit_return(struct program *p, bool allow)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, allow);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/*
 * Later rules win, so they are tested first. An allow rule decides when all that is asked for is
 * in it; a deny rule when any of it is.
 */
static void emit_rule(struct program *p, const struct device_rule *d)
{
	size_t jumps[4], njumps = 0;
	char type = d->type ? d->type[0] : 'a';
	int bits = access_bits(d->access);

	if (type != 'a') {
		jumps[njumps++] = p->count;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_2, 0, 0,
			type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	}
	emit(p, BPF_ALU | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_3, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, BPF_REG_1, 0, 0, d->allow ? 7 & ~bits : bits);
	jumps[njumps++] = p->count;
	emit(p, BPF_JMP | (d->allow ? BPF_JNE : BPF_JEQ) | BPF_K, BPF_REG_1, 0, 0, 0);
	if (d->major && *d->major >= 0) {
		jumps[njumps++] = p->count;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_4, 0, 0, (int)*d->major);
	}
	if (d->minor && *d->minor >= 0) {
		jumps[njumps++] = p->count;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_5, 0, 0, (int)*d->minor);
	}
	emit_return(p, d->allow);
	for (size_t i = 0; i < njumps; i++)
		p->insns[jumps[i]].off = (__s16)(p->count - jumps[i] - 1);
}

static int attach(int dirfd, const struct program *p, struct err *err)
{
	union bpf_attr load = {.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (__u64)(uintptr_t)p->insns,
		.insn_cnt = (__u32)p->count,
		.license = (__u64)(uintptr_t) "Apache-2.0"};
	union bpf_attr to = {0};
	own_fd int prog = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));

	if (prog < 0)
		return err_errno(err, "cannot load the program for the device rules");
	to.target_fd = (__u32)dirfd;
	to.attach_bpf_fd = (__u32)prog;
	to.attach_type = BPF_CGROUP_DEVICE;
	to.attach_flags = BPF_F_ALLOW_MULTI;
	if (syscall(SYS_bpf, BPF_PROG_ATTACH, &to, sizeof(to)) < 0)
		return err_errno(err, "cannot attach the program for the device rules");
	return 0;
}

int cgroup_devices_attach(int dirfd, const struct linux_resources *r, struct err *err)
{
	size_t rules = r->devices.count + cgroup_default_devices_count;
	own_mem struct bpf_insn *insns = xcalloc(rules * RULE_INSNS + 8, sizeof(*insns));
	struct program p = {.insns = insns};
	own_fd int dir = -1;

	emit_prologue(&p);
	for (size_t i = cgroup_default_devices_count; i--;)
		emit_rule(&p, &cgroup_default_devices[i]);
	for (size_t i = r->devices.count; i--;)
		emit_rule(&p, &r->devices.items[i]);
	emit_return(&p, true);
	/* BPF_PROG_ATTACH does not take O_PATH */
	dir = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open the container's cgroup");
	return attach(dir, &p, err);
}
