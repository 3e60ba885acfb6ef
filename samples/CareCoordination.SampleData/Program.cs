using System.Globalization;
using CareCoordination.SampleData;

// Writes synthetic patients: `dotnet run --project samples/CareCoordination.SampleData -- --patients 100 --out sample-data`.
const string Usage = """
    Options:
      --patients N     how many patients (default 100)
      --seed N         which patients (default 1); the same seed gives the same bytes
      --format F       transaction (one Bundle of POST entries per patient, default), put (Bundles of PUT entries) or ndjson
      --out FOLDER     where to write (default sample-data); '-' writes ndjson to standard output
    """;

var patients = 100;
var seed = 1UL;
var format = "transaction";
var folder = "sample-data";
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var isKnown = args[i] switch
    {
        "--patients" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out patients),
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--format" => (format = value) is "transaction" or "put" or "ndjson",
        "--out" => (folder = value).Length > 0,
        _ => false,
    };
    if (!isKnown)
    {
        Console.Error.WriteLine($"'{args[i]} {value}' is not an option.\n{Usage}");
        return 2;
    }
}

var population = new SamplePopulation(new SampleOptions(patients, seed));
if (folder == "-")
{
    using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
    SampleWriter.WriteNdjson(population.Network, output);
    foreach (var record in population.Patients())
        SampleWriter.WriteNdjson(record, output);
    return 0;
}

Directory.CreateDirectory(folder);
if (format == "ndjson")
{
    WriteFile("0-network.ndjson", output => SampleWriter.WriteNdjson(population.Network, output));
    WriteFile(
        "patients.ndjson",
        output => SampleWriter.WriteNdjson(population.Patients().SelectMany(record => record), output)
    );
}
else
{
    var style = format == "put" ? ReferenceStyle.Relative : ReferenceStyle.Transaction;
    // The network keeps its ids in either style: records find it by identifier or by id.
    WriteFile(
        "0-network.json",
        output => SampleWriter.WriteTransaction(population.Network, ReferenceStyle.Relative, output)
    );
    var number = 0;
    foreach (var record in population.Patients(style))
        WriteFile($"patient-{++number:0000000}.json", output => SampleWriter.WriteTransaction(record, style, output));
}

Console.WriteLine($"{patients} patients of seed {seed} are in {Path.GetFullPath(folder)}");
return 0;

void WriteFile(string name, Action<Stream> write)
{
    using var output = new BufferedStream(File.Create(Path.Combine(folder, name)), 1 << 16);
    write(output);
}
