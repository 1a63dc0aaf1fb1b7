/* SPDX-License-Identifier: ISC */
/*
 * rpcnames - tables of ONC RPC programs.
 *
 * Numbers and names are Sun's assignments (rpc(5) of SunOS 4.1.3 and later)
 * and, from 391000 on, SGI's.  The order of the guesses follows the order in
 * which SunOS 4.1's rc.local starts what calls bindresvport(); services inetd
 * starts stand behind, since inetd picks their ports.
 */
#include <inttypes.h>
#include <stdio.h>

#include "scanner/rpcnames.h"

struct rpc_program {
	uint32_t number;
	const char *name;
};

static const struct rpc_program programs[] = {
	{ 100000, "portmapper" },
	{ 100001, "rstatd" },
	{ 100002, "rusersd" },
	{ 100003, "nfs" },
	{ 100004, "ypserv" },
	{ 100005, "mountd" },
	{ 100007, "ypbind" },
	{ 100008, "walld" },
	{ 100009, "yppasswdd" },
	{ 100010, "etherstatd" },
	{ 100011, "rquotad" },
	{ 100012, "sprayd" },
	{ 100013, "3270_mapper" },
	{ 100014, "rje_mapper" },
	{ 100015, "selection_svc" },
	{ 100016, "database_svc" },
	{ 100017, "rexd" },
	{ 100018, "alis" },
	{ 100019, "sched" },
	{ 100020, "llockmgr" },
	{ 100021, "nlockmgr" },
	{ 100022, "x25.inr" },
	{ 100023, "statmon" },
	{ 100024, "status" },
	{ 100026, "bootparam" },
	{ 100028, "ypupdated" },
	{ 100029, "keyserv" },
	{ 100033, "sunlink_mapper" },
	{ 100036, "pwdauth" },
	{ 100037, "tfsd" },
	{ 100038, "nsed" },
	{ 100039, "nsemntd" },
	{ 100043, "showfhd" },
	{ 100055, "ioadmd" },
	{ 100062, "netlicense" },
	{ 100065, "sunisamd" },
	{ 100066, "debug_svc" },
	{ 100068, "cmsd" },
	{ 100069, "ypxfrd" },
	{ 100070, "timed" },
	{ 100071, "bugtraqd" },
	{ 100078, "kerbd" },
	{ 100083, "ttdbserverd" },
	{ 100087, "admind" },
	{ 100099, "autofsd" },
	{ 100101, "na.event" },
	{ 100102, "na.logger" },
	{ 100104, "na.sync" },
	{ 100105, "na.diskinfo" },
	{ 100106, "na.iostat" },
	{ 100107, "na.hostperf" },
	{ 100109, "na.activity" },
	{ 100221, "kcms" },
	{ 100227, "nfs_acl" },
	{ 100229, "metad" },
	{ 100230, "metamhd" },
	{ 100232, "sadmind" },
	{ 100233, "ufsd" },
	{ 100234, "gssd" },
	{ 100235, "cachefsd" },
	{ 100249, "snmpxdmid" },
	{ 100300, "nisd" },
	{ 100301, "nis_cachemgr" },
	{ 100303, "nispasswd" },
	{ 150001, "pcnfsd" },
	{ 300019, "amd" },
	{ 300598, "dmispd" },
	{ 391000, "sgi_snoopd" },
	{ 391001, "sgi_toolkitbus" },
	{ 391002, "sgi_fam" },
	{ 391003, "sgi_notepad" },
	{ 391004, "sgi_mountd" },
	{ 391005, "sgi_smtd" },
	{ 391006, "sgi_pcsd" },
	{ 391007, "sgi_nfs" },
	{ 391008, "sgi_rfind" },
	{ 391009, "sgi_pod" },
	{ 391010, "sgi_iphone" },
	{ 391011, "sgi_videod" },
	{ 391012, "sgi_testcd" },
	{ 391016, "sgi_xfsmd" },
	{ 391017, "sgi_mediad" },
};

const struct rpc_guess rpc_default_guesses[] = {
	/* at boot, as root, in rc.local's order */
	{ RPC_YPSERV, 2 }, { 100069, 1 }, /* ypxfrd */
	{ RPC_YPBIND, 2 }, { 100028, 1 }, /* ypupdated */
	{ 100009, 1 },                    /* yppasswdd */
	{ 100029, 1 },                    /* keyserv */
	{ 100005, 1 },                    /* mountd */
	{ 100026, 1 },                    /* bootparam */
	{ 100024, 1 },                    /* status */
	{ 100021, 1 },                    /* nlockmgr */
	{ 100020, 2 },                    /* llockmgr */
	{ 100036, 1 },                    /* pwdauth */
	{ 300019, 1 },                    /* amd */
	{ 100003, 2 },                    /* nfs */
	{ 150001, 2 },                    /* pcnfsd */
	{ 100023, 1 },                    /* statmon */
	/* from inetd */
	{ 100011, 1 },  /* rquotad */
	{ 100001, 3 },  /* rstatd */
	{ 100002, 2 },  /* rusersd */
	{ 100012, 1 },  /* sprayd */
	{ 100008, 1 },  /* walld */
	{ 100068, 2 },  /* cmsd */
	{ 100083, 1 },  /* ttdbserverd */
	{ 100017, 1 },  /* rexd */
	{ 100087, 10 }, /* admind */
	/* seldom */
	{ 100010, 1 }, /* etherstatd */
	{ 100015, 6 }, /* selection_svc */
	{ 100016, 1 }, /* database_svc */
	{ 100019, 1 }, /* sched */
	{ 100022, 1 }, /* x25.inr */
	{ 100033, 1 }, /* sunlink_mapper */
	{ 100037, 1 }, /* tfsd */
	{ 100043, 1 }, /* showfhd */
	/* later Sun systems */
	{ 100099, 1 },  /* autofsd */
	{ 100227, 2 },  /* nfs_acl */
	{ 100300, 3 },  /* nisd */
	{ 100232, 10 }, /* sadmind */
	{ 100229, 1 },  /* metad */
	{ 100235, 1 },  /* cachefsd */
	{ 391002, 1 },  /* sgi_fam */
};
const size_t rpc_default_guesses_len =
    sizeof(rpc_default_guesses) / sizeof(rpc_default_guesses[0]);

const char *
rpc_name(uint32_t program)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (programs[i].number == program)
			return programs[i].name;
	return NULL;
}

const char *
rpc_program_text(char buf[static RPC_PROGRAM_TEXT], uint32_t program,
    const struct rpc_versions *ranges, size_t n)
{
	const char *name = rpc_name(program);
	size_t used = (size_t)snprintf(buf, RPC_PROGRAM_TEXT, "%" PRIu32 " %s",
	    program, name != NULL ? name : "unnamed");

	for (size_t i = 0; i < n; i++) {
		char one[32];
		int len;

		if (ranges[i].low == ranges[i].high)
			len = snprintf(one, sizeof(one), "%s%" PRIu32,
			    i == 0 ? " v" : ",", ranges[i].low);
		else
			len = snprintf(one, sizeof(one),
			    "%s%" PRIu32 "-%" PRIu32, i == 0 ? " v" : ",",
			    ranges[i].low, ranges[i].high);
		if (len < 0 || used + (size_t)len >= RPC_PROGRAM_TEXT)
			break;
		memcpy(buf + used, one, (size_t)len + 1);
		used += (size_t)len;
	}
	return buf;
}
