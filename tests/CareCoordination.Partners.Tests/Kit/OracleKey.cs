using System.Security.Cryptography;
using CareCoordination.Partners.Tests.Simulator;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Kit;

/// <summary>A key by which a ward identifies itself at an Oracle-like EHR.</summary>
public sealed class OracleKey : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public OracleKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_path, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => File.Delete(_path);

    /// <summary>A ward whose partner is such an EHR, which knows the key.</summary>
    internal async Task<Ward> OpenAsync(params string[] settings)
    {
        var ward = await Ward.OpenAsync(
            PartnerKind.Oracle,
            [
                $"--Partners:{Ward.Endpoint}:SmartClientId=care",
                $"--Partners:{Ward.Endpoint}:SmartKeyPath={_path}",
                .. settings,
            ]
        );
        ward.Partner.Tokens.ClientKeys = (
            await PartnerClient.SendToAsync($"{ward.Server.Root}/.well-known/jwks.json", "GET", null, "")
        )
            .ShouldBe(200)
            .Body;
        return ward;
    }
}
