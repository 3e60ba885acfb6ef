using Microsoft.AspNetCore.Identity;

namespace CareCoordination.SignIn.Tables;

/// <summary>Somebody who may sign in. What they may do is said by roles, and who they are by a resource of FHIR.</summary>
internal sealed class CareUser : IdentityUser
{
    /// <summary>Codes of roles, with spaces between.</summary>
    public string Roles { get; set; } = "";

    /// <summary>Relative to the FHIR base: <c>Practitioner/1</c>. Null: nobody that FHIR knows, as an operator.</summary>
    public string? FhirUser { get; set; }

    /// <summary>The id of the Organization that they act for; null where none is.</summary>
    public string? Organization { get; set; }

    /// <summary>May not sign in, and gets no more tokens.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>The secret of their one-time codes, protected; null where none was made.</summary>
    public string? CodeSecret { get; set; }

    /// <summary>Whether a code was given that shows that they have the secret: it is asked for from then on.</summary>
    public bool AsksForCode { get; set; }

    /// <summary>The time step of the last code that was taken: each is taken once. https://www.rfc-editor.org/rfc/rfc6238#section-5.2</summary>
    public long LastCodeStep { get; set; }
}
