using CareCoordination.Fhir.Schema;
using SpecPack;

namespace CareCoordination.Fhir.R4.Tests;

public sealed class SchemaPackTests
{
    private static byte[] Committed =>
        File.ReadAllBytes(Path.Combine(Conformance.Repository, "src/CareCoordination.Fhir.R4/r4.pack"));

    [Fact]
    public void The_committed_pack_is_what_SpecPack_makes_of_the_published_definitions()
    {
        var package = DefinitionsPackage.Open(Conformance.Definitions("hl7.fhir.r4.core-4.0.1.tgz"));

        var pack = SchemaPack.Write(SchemaCompiler.Compile(package));

        Assert.True(
            pack.AsSpan().SequenceEqual(Committed),
            "r4.pack has drifted: run 'dotnet run --project tools/SpecPack'."
        );
    }

    [Fact]
    public void A_pack_read_and_written_again_is_the_same_pack() =>
        Assert.True(SchemaPack.Write(SchemaPack.Read(Committed)).AsSpan().SequenceEqual(Committed));

    [Fact]
    public void A_pack_of_another_version_is_refused_with_the_way_out()
    {
        var pack = Committed;
        pack[4] = 99;

        var refusal = Assert.Throws<InvalidDataException>(() => SchemaPack.Read(pack));

        Assert.Equal(
            "The schema pack has format version 99, this library reads version 1; compile it again with tools/SpecPack.",
            refusal.Message
        );
    }

    [Fact]
    public void Data_that_is_no_pack_is_refused() =>
        Assert.Equal(
            "The data is no schema pack; compile one with tools/SpecPack.",
            Assert.Throws<InvalidDataException>(() => SchemaPack.Read("{\"resourceType\":1}"u8.ToArray())).Message
        );
}
