using CareCoordination.Fhir.Schema;
using SpecPack;

// SpecPack [definitions.tgz]: compiles the published R4 definitions into src/CareCoordination.Fhir.R4.
var root = Repository.Root();
var source = args.Length > 0 ? args[0] : Path.Combine(root, "../shared/definitions/hl7.fhir.r4.core-4.0.1.tgz");
if (!File.Exists(source))
{
    Console.Error.WriteLine($"There is no {source}; give the path of hl7.fhir.r4.core-4.0.1.tgz.");
    return 1;
}

var schema = SchemaCompiler.Compile(DefinitionsPackage.Open(source));
var pack = SchemaPack.Write(schema);
File.WriteAllBytes(Path.Combine(root, "src/CareCoordination.Fhir.R4/r4.pack"), pack);
Console.WriteLine(
    $"r4.pack: {pack.Length} bytes, {schema.Types.Count} types ({schema.Resources.Length} resources), "
        + $"{schema.SearchParameters.Length} search parameters, {schema.CodeSets.Count} code sets."
);
return 0;
