using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>An export in a secured server, by a backend client of an issuer. https://hl7.org/fhir/uv/bulkdata/authorization.html</summary>
public sealed class ExportTokenTests
{
    [Fact]
    public async Task A_backend_client_exports_with_its_token_and_fetches_files_without_one()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("care-export-").FullName;
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings("main", "Clients:analytics=warehouse", "Clients:administrator=setup"),
            $"--Exports:Folder={folder}",
        ]);
        var setup = Bearer(issuer, "setup", "system/*.cruds");
        (await server.PostAsync("Organization", """{"resourceType":"Organization","name":"North"}""", setup)).ShouldBe(
            201
        );
        var warehouse = Bearer(issuer, "warehouse", "system/*.rs");

        (await server.GetAsync("$export", ExportKit.Async)).ShouldBe(401);
        var status = ExportKit.StatusOf(
            (await server.GetAsync("$export?_type=Organization", ExportKit.Async, warehouse)).ShouldBe(202)
        );
        (await server.GetAsync(status)).ShouldBe(401);
        (await server.GetAsync(status, Bearer(issuer, "warehouse-2", "system/*.rs"))).ShouldBe(404);
        var manifest = (await server.EndAsync(status, warehouse)).ShouldBe(200);

        // A token that was renewed since is of the same client.
        (await server.GetAsync(status, Bearer(issuer, "warehouse", "system/*.rs"))).ShouldBe(200);
        Assert.Equal(
            "North",
            Assert.Single((await server.ReadAsync(manifest)).Resources).GetProperty("name").GetString()
        );
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("system/Organization.rs", 1)]
    [InlineData("system/Practitioner.rs", 0)]
    public async Task A_scope_narrows_an_export(string scope, int expected)
    {
        await using var issuer = await TestIssuer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("care-export-").FullName;
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings("main", "Clients:analytics=warehouse", "Clients:administrator=setup"),
            $"--Exports:Folder={folder}",
        ]);
        (
            await server.PostAsync(
                "Organization",
                """{"resourceType":"Organization","name":"North"}""",
                Bearer(issuer, "setup", "system/*.cruds")
            )
        ).ShouldBe(201);

        Assert.Equal(
            expected,
            (await server.ExportAsync("$export", Bearer(issuer, "warehouse", scope))).Resources.Count
        );
        Directory.Delete(folder, recursive: true);
    }

    private static string Bearer(TestIssuer issuer, string client, string scope) =>
        "Authorization: Bearer "
        + issuer.Token(claims =>
        {
            claims.Remove("fhirUser");
            claims["client_id"] = client;
            claims["sub"] = client;
            claims["scope"] = scope;
        });
}
