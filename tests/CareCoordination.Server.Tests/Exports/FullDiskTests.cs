using System.Security.Cryptography;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>A disk that fills while files are written: nothing is half-published, somebody is told what to do, and it can be asked again.</summary>
public sealed class FullDiskTests
{
    private const int Patients = 400;

    [Theory]
    [InlineData("$export?_type=Patient")]
    [InlineData("ViewDefinition/patient/$viewdefinition-export")]
    [InlineData("ViewDefinition/patient/$viewdefinition-export?_format=parquet")]
    public async Task A_job_whose_disk_is_full_leaves_nothing_and_can_be_asked_again(string path)
    {
        await using var disk = await SmallDisk.NewAsync("8k");
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using var server = await TestServer.StartAsync([
            .. database.Settings,
            $"--Exports:Folder={disk.Folder}",
            "--Exports:FileResources=100",
        ]);
        foreach (var part in Enumerable.Range(0, Patients).Chunk(100))
            (
                await server.PostAsync(
                    "",
                    Given.Transaction([
                        .. part.Select(i => Given.Entry("PUT", $"Patient/{Name(i)}", Given.Patient(Name(i)))),
                    ])
                )
            ).ShouldBe(200);

        var failed = await server.EndAsync(await server.BeginAsync(path));

        Assert.InRange(failed.Status, 500, 599);
        Assert.Contains("The disk for files is full.", failed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(disk.Folder, failed.Body, StringComparison.Ordinal);
        Assert.Equal(0, disk.Bytes);
        // Care work does not need that disk.
        (await server.PutAsync("Patient/meanwhile", Given.Patient("meanwhile"))).ShouldBe(201);

        await disk.GrowAsync("16m");
        var manifest = (await server.EndAsync(await server.BeginAsync(path))).ShouldBe(200);
        if (path.StartsWith("$export", StringComparison.Ordinal))
            Assert.Equal(Patients + 1, (await server.ReadAsync(manifest)).Resources.Count);
        Assert.NotEqual(0, disk.Bytes);
    }

    /// <summary>No compression makes much less of it.</summary>
    private static string Name(int n) => Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(n)));
}
