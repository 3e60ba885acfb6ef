using CareCoordination.Load;
using CareCoordination.Load.Client;
using CareCoordination.Load.Floor;
using CareCoordination.Load.Runner;
using CareCoordination.Load.Soak;

const string Usage = """
    client   Loads a running FHIR server on loopback.
             --base URL (http://127.0.0.1:5080/fhir)  --scenarios a,b (all but goal-reading,goal-reading-none)
             --connections N (8)  --seconds N (10)
             --warmup N (3)  --patients N (1000)  --process server=PID,database=PID  --json FILE
    floor    Serves the least that a create and a read can cost: bare Kestrel and one prepared statement.
             --urls URL  --provider PostgreSql|Sqlite  --connection TEXT
    run      Publishes the server, starts database, server and floor, loads both, and writes benchmarks/results.
             --provider PostgreSql|Sqlite (PostgreSql)  --scenarios a,b (all)  --connections N  --seconds N  --warmup N
             --patients N  --name NAME (name of the result files)
             --server FOLDER (one that is published already)
    compare  Loads two published servers in turns within one run, and writes the medians of both to benchmarks/results.
             --before FOLDER  --after FOLDER  --before-commit ID  --after-commit ID  --turns N (5)
             --provider PostgreSql|Sqlite (PostgreSql)  --scenarios a,b (all)  --connections N  --seconds N  --warmup N
             --patients N  --name NAME
    care     As run, of what care managers ask: worklist, caseload, $apply and claims in a PostgreSQL full of open tasks.
             --managers N (1000)  --patients N (200, of each manager)  --tasks N (5, of each patient)
             --connections N  --seconds N  --warmup N  --name NAME  --server FOLDER
             --base URL  --process server=PID,database=PID (a server that runs already, on the same data)
    mllp     As run, of discharges of HL7 v2 over MLLP at a rate: writes benchmarks/results/DATE-discharge-mllp.
             --connections N (100)  --rate N (100 a second)  --seconds N (60)  --warmup N (10)  --name NAME  --server FOLDER
             --mllp 127.0.0.1:PORT  --process server=PID,database=PID  --json FILE (a server that runs already)
    access   Asks an open server and one that takes tokens the same, in turns, on one PostgreSQL filled as care does.
             --managers N (50)  --patients N (200, of each manager)  --tasks N (5, of each patient)  --turns N (5)
             --connections N  --seconds N (4)  --warmup N  --name NAME  --server FOLDER
    export   Fills a PostgreSQL as care does and exports everything: resources/s to the disk, CPU, memory, and how long others wait.
             --managers N (64)  --patients N (1000, of each manager)  --tasks N (8, of each patient)  --runs N (3)
             --name NAME  --server FOLDER
    import   Fills a PostgreSQL as care does, exports everything and imports it into another server by $import, twice.
             --managers N (8)  --patients N (1000, of each manager)  --tasks N (8, of each patient)
             --name NAME  --server FOLDER
    outcomes Fills a PostgreSQL as care does and asks for measures: how long each takes, also while others write, and all tables as Parquet.
             --managers N (64)  --patients N (1000, of each manager)  --tasks N (2, of each patient)  --turns N (3)
             --rate N (200 writes a second)  --seconds N (30)  --name NAME  --server FOLDER
    deliver  Dispatches referrals to a paused partner, then lets the outbox bring them to it; writes benchmarks/results.
             --referrals N (10000)  --connections N (8)  --name NAME  --server FOLDER
    partner  Serves a partner that takes every Task at once.  --urls URL
    soak     Refers patients to a partner that often fails while the server is killed and started again, and checks that every
             referral arrived once or is parked with a reason; writes benchmarks/results.
             --provider PostgreSql|Sqlite (PostgreSql)  --referrals N (10000)  --kills N (50)  --nodes N (1)
             --faults PERCENT (30)  --seed N (1)  --limit SECONDS (1800)  --server FOLDER  --name NAME (none: no report)
    fuzz     Asks a running server for everything it offers in all ways that chance finds, and lists what was answered 5xx, not at
             all, or took more than 2 s of CPU.
             --base URL (http://127.0.0.1:5080/fhir)  --process server=PID,database=PID  --seed N (1)  --seconds N (60)
             --from N (0)  --number N (this request alone, shown as it is sent)
    """;

var verb = args.FirstOrDefault() ?? "help";
if (!Arguments.Parse(args.Skip(1)).TryGet(out var arguments, out var complaint))
{
    Console.Error.WriteLine($"{complaint}\n{Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

switch (verb)
{
    case "client":
        return await ClientCommand.RunAsync(arguments, stop.Token);
    case "floor":
        return await FloorServer.RunAsync(arguments, stop.Token);
    case "run":
        return await BenchmarkRun.RunAsync(arguments, stop.Token);
    case "compare":
        return await CompareRun.RunAsync(arguments, stop.Token);
    case "care":
        return await CareRun.RunAsync(arguments, stop.Token);
    case "mllp":
        return await MllpRun.RunAsync(arguments, stop.Token);
    case "access":
        return await AccessRun.RunAsync(arguments, stop.Token);
    case "export":
        return await ExportRun.RunAsync(arguments, stop.Token);
    case "import":
        return await ImportRun.RunAsync(arguments, stop.Token);
    case "outcomes":
        return await OutcomesRun.RunAsync(arguments, stop.Token);
    case "deliver":
        return await DeliverRun.RunAsync(arguments, stop.Token);
    case "partner":
        return await FastPartner.RunAsync(arguments, stop.Token);
    case "soak":
        return await SoakCommand.RunAsync(arguments, stop.Token);
    case "fuzz":
        return await FuzzCommand.RunAsync(arguments, stop.Token);
    default:
        Console.WriteLine(Usage);
        return verb == "help" ? 0 : 2;
}
