namespace CareCoordination.SignIn.Settings;

/// <summary>Under which addresses clients and browsers find this server.</summary>
/// <param name="findBase">The FHIR base, without a slash at the end; to be asked once the server listens.</param>
public sealed class IssuerAddress(Func<Uri> findBase)
{
    private const string Fhir = "/fhir";

    /// <summary>What access tokens are for: the FHIR base without a slash at the end.</summary>
    public string FhirBase => findBase().AbsoluteUri.TrimEnd('/');

    /// <summary>The <c>iss</c> of every token, with a slash at the end: what stands before <c>/fhir</c>.</summary>
    public Uri Issuer
    {
        get
        {
            var text = FhirBase;
            return new Uri((text.EndsWith(Fhir, StringComparison.Ordinal) ? text[..^Fhir.Length] : text) + "/");
        }
    }

    /// <summary>An address below the issuer.</summary>
    /// <param name="path">Without a slash in front.</param>
    public string At(string path) => Issuer.AbsoluteUri + path;
}
