using System.Reflection;
using CareCoordination.Server.Options;

namespace CareCoordination.Server.Verbs;

/// <summary>What the program says of itself, without starting anything.</summary>
internal static class HelpText
{
    public static string Version =>
        typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public const string Usage = $"""
        CareCoordination, a FHIR R4 server

          (nothing)                      serves
          clients <action>               says which programs may ask this server for tokens
          audit head, audit verify       tells the end of the audit trail, or whether the trail is as it was written
          import <files or folders>      loads Bundles and NDJSON into the database
          health                         asks the server that runs here whether it is ready
          messages <action>              tells of messages about stays that were refused or are parked, and has them taken in
          migrate                        brings the database to the form this release needs
          outcomes parquet FOLDER        writes the tables of outcomes as Parquet for other engines; --rows all: with what is labelled or denied
          outcomes rebuild               throws the tables of outcomes away and fills them from what is stored; not beside its server
          reindex <types>                writes the search index and work rows anew from what is stored; without types, all
          users <action>                 says who may sign in
          --help, --version              says this, or which release it is

        Settings, each as --Name=value or --Name value, also from appsettings.json and the environment (Storage__Provider):

          --urls                         where to listen ({Exposure.DefaultUrl})
          --Storage:Provider             Sqlite, PostgreSql or SqlServer
          --ConnectionStrings:CareCoordination
                                         the database (a SQLite file in ./data/)
          --Server:* --Security:* --Access:* --Audit:* --Limits:* --Care:* --Partners:* --Connectors:* --Deliveries:*
          --Storage:* --Logging:* --Telemetry:* --Kestrel:*
                                         docs/configuration.md has them all

        Of clients, with the settings of the server, of which --Security:Mode is Embedded:

          list                           all of them
          add ID --scopes "SCOPES"       one more, with a secret that is printed once; --public: without; --jwks FILE or --jwks-url URL:
                                         with its public keys; --redirect URL: where people who sign in are sent back to;
                                         --name TEXT, --roles ROLES, --organization ID, --purpose CODE; --no-consent: people are not asked;
                                         --certificate FILE: one of which it has to show, by TLS, wherever it shows who it is
          disable ID, enable ID          gets no more tokens; gets them again
          remove ID                      with all it was granted
          rotate-secret ID               another secret, printed once

        Of users, with the same settings:

          list                           all of them
          add NAME --roles ROLES         one more, with a password that is printed once; --password-stdin: the first line of standard
                                         input; --fhir-user Practitioner/ID, --organization ID
          disable NAME, enable NAME      may not sign in any more; may again
          unlock NAME                    whoever was locked out may try again
          set-password NAME              another one, printed once, or with --password-stdin
          set-roles NAME --roles ROLES   others than before
          reset-totp NAME                sets up one-time codes anew

        Of audit:

          head                           the last row and its hash, to be noted elsewhere; --file FILE: added to a file
          verify                         walks along the chain; --from N, --to N: only these rows; --against FILE or N:HASH: compared
                                         with a head that was noted, by which an end that was cut off is seen

        Of import:

          --journal FILE                 what is imported already, so that a run goes on where one stopped (data/import-journal.ndjson)
          --source URL                   the server that exported what does not say so, as NDJSON: its ids are told from those of others
          --late escalate                open tasks that are late already are told of; else only from their next threshold on
          --report FILE                  where rejected files and entries are listed (data/import-rejected.txt)

        Of messages:

          list                           what was refused and what is parked, the newest first; --state refused, parked, replayed
                                         or discarded for those alone, --sender NAME for those of one sender
          show ID                        one of them; --content: with what came, which is about a patient
          replay ID                      has it taken in; --file FILE: in its place, corrected; --patient Patient/ID: who it is about
          discard ID --reason TEXT       nothing comes of it; replay and discard take --by Practitioner/ID and --reason TEXT

        Of reindex:

          --parameter NAME               only types that have this search parameter

        Ends with 0, or with 2 and a sentence where it could not start; import with 1 where something was rejected, reindex with 1
        where it was stopped before its end, messages, clients and users with 1 where it was refused, audit with 1
        where the trail is not as it was written.
        """;
}
