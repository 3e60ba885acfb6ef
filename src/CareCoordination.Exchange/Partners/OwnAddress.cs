namespace CareCoordination.Exchange.Partners;

/// <summary>
/// The FHIR base under which partners know this server: what references are absolute to and what our identifiers are of. It has to
/// stay the same, or partners do not recognise what they have: set <c>Server:BaseUrl</c> where the address is not for ever.
/// </summary>
/// <param name="find">To be asked once the server listens.</param>
public sealed class OwnAddress(Func<Uri> find)
{
    public Uri Base => find();
}
