/* SPDX-License-Identifier: ISC */
/*
 * limits - every ceiling on what a peer, a file or a user can make us keep.
 *
 * One place, so that "how much memory can a hostile network cost" is answered
 * by reading one page.  Sizes are bytes unless a unit is named.
 */
#ifndef LIMITS_H
#define LIMITS_H

enum {
	/* facts */
	FACT_VALUE_MAX = 1024,   /* text of one value, printable, with NUL */
	FACT_RAW_MAX = 64,       /* evidence bytes kept beside one fact */
	FACTS_PER_REPLY = 160,   /* facts one reply or one talk may yield */
	FACTS_PER_HOST = 4096,   /* facts the ledger keeps of one address */
	BEACONS_PER_HOST = 1024, /* heard datagrams kept of one sender */

	/* talks */
	TALK_STREAM_MAX = 65536, /* bytes read from one peer in one talk */
	TALK_SAY_MAX = 2048,     /* bytes said in one turn */
	TALK_STATE_MAX = 256,    /* a probe's own state */
	TALKS_MAX = 256,         /* conversations open at once, all hosts */
	TLS_MORE = 40960,        /* bytes read beyond that for TLS: a chain of
				    certificates, and every record's frame */

	/* conversations put together from frames */
	STREAMS_MAX = 1024,          /* at once */
	STREAM_FRAMES_MAX = 192,     /* frames kept of one */
	STREAM_CLIENT_MAX = 16384,   /* bytes kept of what a client said; of
					a server's TALK_STREAM_MAX */
	STREAM_EARLY_MAX = 16,       /* segments kept ahead of a gap */
	STREAMS_BYTES_MAX = 8 << 20, /* frames' bytes kept of all together */

	/* last frames of each host, for the case that it is halted */
	LAST_HOSTS_MAX = 1024,
	LAST_FRAMES_MAX = 8,
	LAST_BYTES_MAX = 512, /* of one frame */

	/* census of a segment's broadcasts */
	CENSUS_STATIONS_MAX = 4096, /* senders, by MAC and segment */
	CENSUS_SEGMENTS_MAX = 64,   /* interfaces and VLANs */
	CENSUS_USES_MAX = 16,       /* protocols of one sender */
	CENSUS_ADDRESSES_MAX = 4,   /* IPv4 addresses of one sender */
	CENSUS_FRAMES_MAX = 1024,   /* kept as evidence */

	/* hosts */
	PORTS_TOLD_MAX = 256,   /* open ports raw SYN tells of one by one; of a
				     host with more it tells ranges */
	VISIT_TASKS_MAX = 1024, /* queued looks at one host */
	VISIT_TALKS_MAX = 384,  /* conversations held with one host */
	VISIT_RPC_MAX = 128,    /* programs learnt from one portmapper */

	/* packets */
	FRAME_MAX = 2048,     /* longest frame captured */
	SNAP_LEN = 2048,      /* bytes captured of a frame */
	SEND_BATCH = 64,      /* frames given to the kernel at once */
	SEND_FRAME_MAX = 128, /* longest frame we craft */

	/* input files */
	SCOPE_RANGES_MAX = 65536,  /* ranges of one scope, one kind */
	PORTS_MAX = 65536,         /* ports of one protocol */
	OUI_ENTRIES_MAX = 1 << 17, /* vendors' MAC prefixes */
	OUI_NAME_MAX = 64,         /* one vendor's name, with NUL */
	STACKS_MAX = 512,          /* shapes of TCP/IP stacks */
	YAML_FILE_MAX = 1 << 20,   /* a fingerprint or scope file */
	CONFIG_LIST_MAX = 4096,    /* entries of a list in gantry.yaml */
	TABLE_FILE_MAX = 64 << 20, /* a record to be verified */
	TABLE_COLUMNS_MAX = 512,   /* of one */
	RECORDS_MAX = 500000,      /* lines of one */
	CLUES_MAX = 64,            /* clues of one fingerprint */
	FINGERPRINTS_MAX = 1024,   /* fingerprints loaded */
	REGEX_MATCH_LIMIT = 10000, /* steps one clue's expression may take */
	REGEX_DEPTH_LIMIT = 250
};

#endif
