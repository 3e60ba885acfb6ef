using CareCoordination.Fhir.Schema;
using SpecPack;
using SpecPack.Generation;

// SpecPack [definitions.tgz]: compiles the published R4 definitions into src/CareCoordination.Fhir.R4.
var root = Repository.Root();
var source = args.Length > 0 ? args[0] : Path.Combine(root, "../shared/definitions/hl7.fhir.r4.core-4.0.1.tgz");
if (!File.Exists(source))
{
    Console.Error.WriteLine($"There is no {source}; give the path of hl7.fhir.r4.core-4.0.1.tgz.");
    return 1;
}

var package = DefinitionsPackage.Open(source);
var schema = SchemaCompiler.Compile(package);
var pack = SchemaPack.Write(schema);
File.WriteAllBytes(Path.Combine(root, "src/CareCoordination.Fhir.R4/r4.pack"), pack);
Console.WriteLine(
    $"r4.pack: {pack.Length} bytes, {schema.Types.Count} types ({schema.Resources.Length} resources), "
        + $"{schema.SearchParameters.Length} search parameters, {schema.CodeSets.Count} code sets."
);

var folder = Path.Combine(root, GeneratedSources.Folder);
var files = GeneratedSources.All(schema, package);
if (Directory.Exists(folder))
    Directory.Delete(folder, recursive: true);
foreach (var (path, text) in files)
{
    var file = Path.Combine(folder, path);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    File.WriteAllText(file, text);
}

Console.WriteLine($"{GeneratedSources.Folder}: {files.Count} files.");
return 0;
