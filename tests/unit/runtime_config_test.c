/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/runtime_config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

/* Each member that runtime-spec 1.3 has for Linux, in the order in which it is written. */
static const char everything[] =
	"{\"ociVersion\":\"1.3.0\",\"process\":{\"terminal\":true,"
	"\"consoleSize\":{\"height\":24,\"width\":80},"
	"\"user\":{\"uid\":1,\"gid\":2,\"umask\":18,\"additionalGids\":[3,4]},"
	"\"args\":[\"a\",\"\"],\"env\":[\"A=b\"],\"cwd\":\"/w\","
	"\"capabilities\":{\"bounding\":[\"CAP_KILL\"],\"effective\":[],\"inheritable\":[],"
	"\"permitted\":[\"CAP_KILL\"],\"ambient\":[]},"
	"\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"hard\":18446744073709551615,\"soft\":0}],"
	"\"noNewPrivileges\":true,\"apparmorProfile\":\"p\",\"oomScoreAdj\":-5,"
	"\"scheduler\":{\"policy\":\"SCHED_DEADLINE\",\"nice\":-1,\"priority\":2,"
	"\"flags\":[\"SCHED_FLAG_RECLAIM\"],\"runtime\":1,\"deadline\":2,\"period\":3},"
	"\"selinuxLabel\":\"l\",\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":0},"
	"\"execCPUAffinity\":{\"initial\":\"0\",\"final\":\"0-1\"}},"
	"\"root\":{\"path\":\"rootfs\",\"readonly\":true},\"hostname\":\"h\",\"domainname\":\"d\","
	"\"mounts\":[{\"destination\":\"/m\",\"type\":\"bind\",\"source\":\"/s\","
	"\"options\":[\"ro\"],\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":2}],"
	"\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":2}]}],"
	"\"hooks\":{\"prestart\":[{\"path\":\"/h\",\"args\":[\"h\"],\"env\":[\"E=1\"],"
	"\"timeout\":1}],\"createRuntime\":[{\"path\":\"/a\"}],\"createContainer\":[],"
	"\"startContainer\":[{\"path\":\"/b\"}],\"poststart\":[],\"poststop\":[{\"path\":\"/c\"}]},"
	"\"annotations\":{\"k\":\"v\"},"
	"\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}],"
	"\"gidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}],"
	"\"sysctl\":{\"net.x\":\"1\"},"
	"\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"},"
	"{\"allow\":true,\"type\":\"c\",\"major\":-1,\"minor\":3,\"access\":\"r\"}],"
	"\"memory\":{\"limit\":1,\"reservation\":2,\"swap\":-1,\"kernel\":4,\"kernelTCP\":5,"
	"\"swappiness\":0,\"disableOOMKiller\":false,\"useHierarchy\":true,"
	"\"checkBeforeUpdate\":true},"
	"\"cpu\":{\"shares\":1,\"quota\":-1,\"burst\":2,\"period\":3,\"realtimeRuntime\":4,"
	"\"realtimePeriod\":5,\"cpus\":\"0\",\"mems\":\"0\",\"idle\":1},"
	"\"pids\":{\"limit\":0},"
	"\"blockIO\":{\"weight\":10,\"leafWeight\":11,"
	"\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":500,\"leafWeight\":300}],"
	"\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":600}],"
	"\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":601}],"
	"\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":602}],"
	"\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":603}]},"
	"\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":9}],"
	"\"network\":{\"classID\":1048577,\"priorities\":[{\"name\":\"eth0\",\"priority\":500}]},"
	"\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3,\"hcaObjects\":10000},\"mlx4_0\":{}},"
	"\"unified\":{\"memory.high\":\"1\"}},"
	"\"cgroupsPath\":\"/c\","
	"\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/n\"}],"
	"\"devices\":[{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,\"minor\":229,"
	"\"fileMode\":438,\"uid\":0,\"gid\":0}],"
	"\"netDevices\":{\"eth0\":{\"name\":\"c0\"},\"eth1\":{}},"
	"\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
	"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],"
	"\"listenerPath\":\"/l\",\"listenerMetadata\":\"m\","
	"\"syscalls\":[{\"names\":[\"a\",\"b\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1,"
	"\"args\":[{\"index\":0,\"value\":18446744073709551615,\"valueTwo\":1,"
	"\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]},"
	"\"rootfsPropagation\":\"rslave\",\"maskedPaths\":[\"/proc/kcore\"],"
	"\"readonlyPaths\":[\"/proc/sys\"],\"mountLabel\":\"l\","
	"\"intelRdt\":{\"closID\":\"g\",\"schemata\":[\"L3:0=1\"],\"l3CacheSchema\":\"x\","
	"\"memBwSchema\":\"y\",\"enableMonitoring\":true,\"enableCMT\":true,\"enableMBM\":true},"
	"\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\","
	"\"flags\":[\"MPOL_F_STATIC_NODES\"]},"
	"\"personality\":{\"domain\":\"LINUX32\",\"flags\":[]},"
	"\"timeOffsets\":{\"monotonic\":{\"secs\":-1,\"nanosecs\":5},\"boottime\":{\"secs\":7}}},"
	"\"solaris\":{\"x\":1},\"windows\":{\"layerFolders\":[]},\"vm\":{\"a\":[1,2.5]},"
	"\"zos\":{},\"freebsd\":{\"jail\":{}}}";

static void round_trip(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct runtime_config c;
	struct err err = {0};

	UNIT_OK(runtime_config_parse(everything, strlen(everything), &c, &a, &err), &err);
	runtime_config_encode(&c, JSON_COMPACT, &out);
	CU_ASSERT_STRING_EQUAL(buf_str(&out), everything);
}

static void values(void)
{
	own_arena struct arena a = {0};
	struct runtime_config c;
	struct err err = {0};

	UNIT_OK(runtime_config_parse(everything, strlen(everything), &c, &a, &err), &err);
	CU_ASSERT_EQUAL(c.process->rlimits.items[0].hard, UINT64_MAX);
	CU_ASSERT_EQUAL(c.process->user.additional_gids.items[1], 4);
	CU_ASSERT_EQUAL(*c.process->oom_score_adj, -5);
	CU_ASSERT_PTR_NULL(c.process->args.items[2]);
	CU_ASSERT_EQUAL(*c.linux_->resources->devices.items[1].major, -1);
	CU_ASSERT_PTR_NULL(c.linux_->resources->devices.items[0].major);
	CU_ASSERT_EQUAL(*c.linux_->resources->memory->swappiness, 0);
	CU_ASSERT_FALSE(*c.linux_->resources->memory->disable_oom_killer);
	UNIT_STRING(c.linux_->resources->rdma.items[1].device, "mlx4_0");
	UNIT_STRING(c.linux_->net_devices.items[0].host_name, "eth0");
	UNIT_STRING(c.linux_->net_devices.items[0].name, "c0");
	UNIT_STRING(c.linux_->time_offsets.items[1].clock, "boottime");
	UNIT_STRING(linux_config_namespace(c.linux_, "network")->path, "/n");
	CU_ASSERT_PTR_NULL(linux_config_namespace(c.linux_, "user"));
	CU_ASSERT_PTR_NULL(linux_config_namespace(NULL, "pid"));
}

static void engine_config(void)
{
	size_t len;
	own_mem char *text = unit_read_file("shared/data/engine-config.json", &len);
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct runtime_config c, again;
	struct err err = {0};

	if (!text)
		return; /* the document stands outside of the tree; "everything" is tested above */
	UNIT_OK(runtime_config_parse(text, len, &c, &a, &err), &err);
	runtime_config_encode(&c, JSON_COMPACT, &once);
	UNIT_OK(runtime_config_parse(buf_str(&once), once.len, &again, &a, &err), &err);
	runtime_config_encode(&again, JSON_COMPACT, &twice);
	CU_ASSERT_STRING_EQUAL(buf_str(&once), buf_str(&twice));
	CU_ASSERT_EQUAL(c.mounts.count, 12);
	CU_ASSERT_EQUAL(c.linux_->seccomp->architectures.count, 3);
}

#define BASE        "\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"r\"}"
#define PROCESS(p)  "{" BASE ",\"process\":{\"args\":[\"a\"],\"cwd\":\"/\"," p "}}"
#define LINUX(l)    "{" BASE ",\"linux\":{" l "}}"
#define MOUNT(m)    "{" BASE ",\"mounts\":[{" m "}]}"
#define RESOURCE(r) LINUX("\"resources\":{" r "}")
#define SECCOMP(s)  LINUX("\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"," s "}")
#define RULE(r)     SECCOMP("\"syscalls\":[{" r "}]")

static const char *const bad[][2] = {
	{"{}", "ociVersion: missing"},
	{"{\"ociVersion\":\"1.0\"}", "root: missing"},
	{"{\"ociVersion\":\"2.0\",\"root\":{\"path\":\"r\"}}",
		"ociVersion: '2.0' is not supported"},
	{"{\"ociVersion\":\"1.0\",\"root\":{}}", "root.path: missing"},
	{"{\"ociVersion\":\"1.0\",\"root\":{\"path\":\"\"}}", "root.path: must not be empty"},
	{"{" BASE ",\"process\":{\"cwd\":\"/\"}}", "process.args: missing"},
	{"{" BASE ",\"process\":{\"args\":[],\"cwd\":\"/\"}}", "process.args: must not be empty"},
	{"{" BASE ",\"process\":{\"args\":[\"a\"]}}", "process.cwd: missing"},
	{"{" BASE ",\"process\":{\"args\":[\"a\"],\"cwd\":\"x\"}}",
		"process.cwd: 'x' is not an absolute path"},
	{"{" BASE ",\"process\":{\"args\":[1],\"cwd\":\"/\"}}",
		"process.args[0]: expected a string"},
	{PROCESS("\"env\":[\"A=1\",\"B\"]"), "process.env[1]: 'B' has no '='"},
	{PROCESS("\"user\":{\"uid\":4294967296}"), "process.user.uid: number out of range"},
	{PROCESS("\"user\":{\"uid\":-1}"), "process.user.uid: number out of range"},
	{PROCESS("\"user\":{\"uid\":1.0}"), "process.user.uid: expected a whole number"},
	{PROCESS("\"user\":{\"additionalGids\":[0,\"x\"]}"),
		"process.user.additionalGids[1]: expected a whole number"},
	{PROCESS("\"rlimits\":[{\"type\":\"NOFILE\",\"hard\":1,\"soft\":1}]"),
		"process.rlimits[0].type: 'NOFILE' is not a resource limit"},
	{PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"hard\":1,\"soft\":2}]"),
		"process.rlimits[0].soft: 2 is above hard, 1"},
	{PROCESS("\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"hard\":1,\"soft\":1},"
		 "{\"type\":\"RLIMIT_CPU\",\"hard\":1,\"soft\":1}]"),
		"process.rlimits[1].type: RLIMIT_CPU occurs twice"},
	{PROCESS("\"oomScoreAdj\":1001"), "process.oomScoreAdj: must be"},
	{PROCESS("\"ioPriority\":{\"class\":\"X\"}"), "process.ioPriority.class: 'X' is not"},
	{PROCESS("\"ioPriority\":{\"class\":\"IOPRIO_CLASS_RT\",\"priority\":8}"),
		"process.ioPriority.priority: must be 0 to 7"},
	{PROCESS("\"scheduler\":{\"policy\":\"X\"}"), "process.scheduler.policy: 'X' is not"},
	{MOUNT("\"type\":\"bind\""), "mounts[0].destination: missing"},
	{MOUNT("\"destination\":\"x\""), "mounts[0].destination: 'x' is not an absolute path"},
	{MOUNT("\"destination\":\"/x\",\"uidMappings\":[{\"containerID\":0,\"hostID\":0,"
	       "\"size\":1}]"),
		"mounts[0]: uidMappings and gidMappings go together"},
	{"{" BASE ",\"hooks\":{\"poststop\":[{\"path\":\"x\"}]}}",
		"hooks.poststop[0].path: 'x' is not an absolute path"},
	{"{" BASE ",\"hooks\":{\"prestart\":[{\"path\":\"/x\",\"timeout\":0}]}}",
		"hooks.prestart[0].timeout: must be above 0"},
	{LINUX("\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\"}]"),
		"linux.namespaces[1].type: 'pid' occurs twice"},
	{LINUX("\"namespaces\":[{\"type\":\"net\"}]"),
		"linux.namespaces[0].type: 'net' is not a type of namespace"},
	{LINUX("\"namespaces\":[{\"type\":\"pid\",\"path\":\"x\"}]"),
		"linux.namespaces[0].path: 'x' is not an absolute path"},
	{LINUX("\"devices\":[{\"path\":\"/d\",\"type\":\"x\"}]"), "linux.devices[0].type: 'x'"},
	{LINUX("\"devices\":[{\"path\":\"/d\",\"type\":\"c\",\"major\":-1}]"),
		"linux.devices[0]: major and minor"},
	{LINUX("\"maskedPaths\":[\"/a\",\"b\"]"), "linux.maskedPaths[1]: 'b' is not an absolute"},
	{LINUX("\"rootfsPropagation\":\"x\""), "linux.rootfsPropagation: 'x' is not"},
	{LINUX("\"personality\":{\"domain\":\"X\"}"), "linux.personality.domain: 'X' is not"},
	{LINUX("\"timeOffsets\":{\"realtime\":{}}"), "linux.timeOffsets: 'realtime' is not"},
	{LINUX("\"timeOffsets\":{\"monotonic\":{\"secs\":\"1\"}}"),
		"linux.timeOffsets.monotonic.secs: expected a whole number"},
	{LINUX("\"intelRdt\":{\"closID\":\"../x\"}"), "linux.intelRdt.closID: '../x' is not"},
	{LINUX("\"memoryPolicy\":{\"mode\":\"X\"}"), "linux.memoryPolicy.mode: 'X' is not"},
	{RESOURCE("\"memory\":{\"limit\":\"1\"}"),
		"linux.resources.memory.limit: expected a whole number"},
	{RESOURCE("\"memory\":{\"swappiness\":101}"), "linux.resources.memory.swappiness: must be"},
	{RESOURCE("\"devices\":[{\"access\":\"x\"}]"), "linux.resources.devices[0].access: 'x'"},
	{RESOURCE("\"devices\":[{\"type\":\"p\"}]"), "linux.resources.devices[0].type: 'p'"},
	{RESOURCE("\"blockIO\":{\"weight\":1001}"),
		"linux.resources.blockIO.weight: 1001 is above"},
	{RESOURCE("\"blockIO\":{\"weightDevice\":[{\"major\":1,\"minor\":1,\"leafWeight\":9999}]}"),
		"linux.resources.blockIO.weightDevice[0].leafWeight: 9999 is above"},
	{RESOURCE("\"unified\":{\"../x\":\"1\"}"), "linux.resources.unified: '../x' is not"},
	{LINUX("\"seccomp\":{}"), "linux.seccomp.defaultAction: missing"},
	{LINUX("\"seccomp\":{\"defaultAction\":\"X\"}"), "linux.seccomp.defaultAction: 'X' is not"},
	{SECCOMP("\"defaultErrnoRet\":1"),
		"linux.seccomp.defaultErrnoRet: SCMP_ACT_ALLOW takes no"},
	{SECCOMP("\"architectures\":[\"X\"]"), "linux.seccomp.architectures[0]: 'X' is not"},
	{SECCOMP("\"flags\":[\"X\"]"), "linux.seccomp.flags[0]: 'X' is not"},
	{SECCOMP("\"listenerMetadata\":\"x\""), "linux.seccomp.listenerMetadata: needs"},
	{RULE("\"names\":[],\"action\":\"SCMP_ACT_ALLOW\""),
		"linux.seccomp.syscalls[0].names: must not be empty"},
	{RULE("\"names\":[\"x\"],\"action\":\"X\""),
		"linux.seccomp.syscalls[0].action: 'X' is not"},
	{RULE("\"names\":[\"x\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":4096"),
		"linux.seccomp.syscalls[0].errnoRet: 4096 is no errno"},
	{RULE("\"names\":[\"x\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,\"value\":1,"
	      "\"op\":\"SCMP_CMP_EQ\"}]"),
		"linux.seccomp.syscalls[0].args[0].index: must be 0 to 5"},
	{RULE("\"names\":[\"x\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":-1,"
	      "\"op\":\"SCMP_CMP_EQ\"}]"),
		"linux.seccomp.syscalls[0].args[0].value: number out of range"},
	{"[]", "expected an object"},
	{"{" BASE "}x", "not valid JSON"},
};

static void malformed(void)
{
	own_arena struct arena a = {0};
	struct runtime_config c;
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		own_mem char *expected = xasprintf("config.json: %s", bad[i][1]);

		CU_ASSERT_TRUE(
			runtime_config_parse(bad[i][0], strlen(bad[i][0]), &c, &a, &err) < 0);
		if (strncmp(err.msg, expected, strlen(expected)) != 0)
			UNIT_STRING(err.msg, expected);
	}
}

/* What engines write although the specification does not ask for it. */
static void tolerated(void)
{
	static const char *const table[] = {
		"{" BASE "}",
		"{" BASE ",\"process\":null,\"linux\":null,\"mounts\":null}",
		PROCESS("\"user\":{}"),
		PROCESS("\"capabilities\":{\"bounding\":null}"),
		LINUX("\"namespaces\":[{\"type\":\"pid\",\"path\":\"\"}]"),
		LINUX("\"rootfsPropagation\":\"\""),
		RESOURCE("\"devices\":[{\"allow\":true,\"type\":\"\",\"access\":\"\"}]"),
		LINUX("\"future\":{\"x\":1}"),
	};
	own_arena struct arena a = {0};
	struct runtime_config c;
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		UNIT_OK(runtime_config_parse(table[i], strlen(table[i]), &c, &a, &err), &err);
}

static void parts_alone(void)
{
	static const char process[] = "{\"args\":[\"x\"],\"cwd\":\"/\"}";
	static const char resources[] = "{\"pids\":{\"limit\":-1}}";
	own_arena struct arena a = {0};
	struct process_config p;
	struct linux_resources r;
	struct err err = {0};

	UNIT_OK(process_config_parse(process, strlen(process), &p, &a, &err), &err);
	UNIT_STRING(p.args.items[0], "x");
	UNIT_OK(linux_resources_parse(resources, strlen(resources), &r, &a, &err), &err);
	CU_ASSERT_EQUAL(*r.pids->limit, -1);
	CU_ASSERT_EQUAL(process_config_parse("{}", 2, &p, &a, &err), -E_SYNTAX);
	UNIT_STRING(err.msg, "process: args: missing");
}

static void versions(void)
{
	static const struct {
		const char *version;
		bool newer;
	} table[] = {{"1.0.2-dev", false}, {"1.2.1+dev", false}, {"1.3.0", false}, {"1.3.9", false},
		{"1.4.0", true}, {"1.10.0-rc.1", true}, {"1.", false}};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct runtime_config c = {.oci_version = table[i].version};

		CU_ASSERT_EQUAL(runtime_config_is_newer(&c), table[i].newer);
	}
}

static void zeros(void)
{
	static const char text[] =
		"{\"memory\":{\"limit\":0,\"reservation\":0,\"swap\":0,\"kernel\":0,\"kernelTCP\":0,"
		"\"swappiness\":0},\"cpu\":{\"shares\":0,\"quota\":0,\"period\":0,\"burst\":0,"
		"\"realtimeRuntime\":0,\"realtimePeriod\":0,\"idle\":0,\"cpus\":\"\",\"mems\":\"0\"},"
		"\"pids\":{\"limit\":0},\"blockIO\":{\"weight\":0,\"leafWeight\":10}}";
	own_arena struct arena a = {0};
	struct linux_resources r, none = {0};
	struct err err = {0};

	UNIT_OK(linux_resources_parse(text, strlen(text), &r, &a, &err), &err);
	linux_resources_unset_zeros(&r);
	CU_ASSERT(!r.memory->limit && !r.memory->reservation && !r.memory->swap);
	CU_ASSERT(!r.memory->kernel && !r.memory->kernel_tcp && r.memory->swappiness);
	CU_ASSERT(!r.cpu->shares && !r.cpu->quota && !r.cpu->period && r.cpu->burst);
	CU_ASSERT(!r.cpu->realtime_runtime && !r.cpu->realtime_period && r.cpu->idle);
	CU_ASSERT_PTR_NULL(r.cpu->cpus);
	UNIT_STRING(r.cpu->mems, "0");
	CU_ASSERT(r.pids->limit && !r.block_io->weight && r.block_io->leaf_weight);
	linux_resources_unset_zeros(&none);
}

UNIT_TESTS(runtime_config) = {
	{"a config with every member is written as it was read", round_trip},
	{"members have the values of the document", values},
	{"an engine's config survives", engine_config},
	{"a malformed config is refused with the member's path", malformed},
	{"what engines write is accepted", tolerated},
	{"a process and resources are documents of their own", parts_alone},
	{"a newer minor version is known by its number", versions},
	{"a limit of 0 is none, where 0 is no limit that can be set", zeros},
};
UNIT_COUNT(runtime_config)
